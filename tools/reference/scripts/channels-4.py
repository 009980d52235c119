# pip install torch transformers pillow matplotlib
import matplotlib.pyplot as plt
import numpy as np
import torch
from PIL import Image, ImageOps
from transformers import ViTImageProcessor, ViTMAEForPreTraining

image = ImageOps.exif_transpose(Image.open("gradient.png"))
image = image.convert("RGBA")
# Resized by Pillow itself, because transformers 5 may do it with torchvision, which rounds differently. (The page does as Pillow 13; older ones differ by one in some bytes of tall images.)
# The model takes four channels: red, green, blue and opacity. Shown are the colours.
pixels = np.asarray(image.convert("RGBA").resize((8, 8), Image.Resampling.BILINEAR))
processor = ViTImageProcessor(
    do_resize=False,
    image_mean=[0.485, 0.456, 0.406, 0.5],
    image_std=[0.229, 0.224, 0.225, 0.25],
)
pixel_values = processor(pixels, return_tensors="pt", input_data_format="channels_last").pixel_values

# A folder with config.json and the weights.
model = ViTMAEForPreTraining.from_pretrained("channels-4").float()
# Keeps 2 of 4 patches.
model.config.mask_ratio = 0.5

np.random.seed(4)
noise = torch.from_numpy(np.random.uniform(size=(1, 4)))

with torch.no_grad():
    outputs = model(pixel_values, noise=noise)
print(f"loss {outputs.loss.item():.4f}")

patches = outputs.logits
# This model predicts every patch normalised by its own mean and deviation. They are taken from the
# original here, so the result knows more about the hidden patches than the model did.
target = model.patchify(pixel_values)
mean, variance = target.mean(-1, keepdim=True), target.var(-1, keepdim=True)
patches = patches * (variance + 1e-6) ** 0.5 + mean
mask = outputs.mask.unsqueeze(-1).repeat(1, 1, patches.shape[-1])
y, m = model.unpatchify(patches), model.unpatchify(mask)
panels = {
    "original": pixel_values,
    "masked": pixel_values * (1 - m),
    "reconstruction": y,
    "reconstruction + visible": pixel_values * (1 - m) + y * m,
}

mean, std = np.array([0.485, 0.456, 0.406, 0.5]), np.array([0.229, 0.224, 0.225, 0.25])
figure, axes = plt.subplots(1, 4, figsize=(24, 6))
for axis, (title, values) in zip(axes, panels.items()):
    values = values[0].permute(1, 2, 0).numpy()
    axis.imshow(np.clip((values * std + mean) * 255, 0, 255).astype(np.uint8)[..., [0, 1, 2]])
    axis.set_title(title, fontsize=16)
    axis.axis("off")
plt.show()
