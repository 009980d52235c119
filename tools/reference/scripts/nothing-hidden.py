# pip install torch transformers pillow matplotlib
import matplotlib.pyplot as plt
import numpy as np
import torch
from PIL import Image, ImageOps
from transformers import ViTImageProcessor, ViTMAEForPreTraining

image = ImageOps.exif_transpose(Image.open("gradient.png"))
image = image.convert("RGBA")
image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
# Resized by Pillow itself, because transformers 5 may do it with torchvision, which rounds differently. (The page does as Pillow 13; older ones differ by one in some bytes of tall images.)
image = image.resize((16, 16), Image.Resampling.BILINEAR)
processor = ViTImageProcessor(
    do_resize=False,
    image_mean=[0.485, 0.456, 0.406],
    image_std=[0.229, 0.224, 0.225],
)
pixel_values = processor(image, return_tensors="pt").pixel_values

# A folder with config.json and the weights.
model = ViTMAEForPreTraining.from_pretrained("patch4-16px").float()
# Keeps 16 of 16 patches.
model.config.mask_ratio = 0.0

torch.manual_seed(2)
noise = torch.rand(1, 16)

with torch.no_grad():
    outputs = model(pixel_values, noise=noise)
# Nothing is masked, so there is no loss (the model says nan).

patches = outputs.logits
mask = outputs.mask.unsqueeze(-1).repeat(1, 1, patches.shape[-1])
y, m = model.unpatchify(patches), model.unpatchify(mask)
panels = {
    "original": pixel_values,
    "masked": pixel_values * (1 - m),
    "reconstruction": y,
    "reconstruction + visible": pixel_values * (1 - m) + y * m,
}

mean, std = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
figure, axes = plt.subplots(1, 4, figsize=(24, 6))
for axis, (title, values) in zip(axes, panels.items()):
    values = values[0].permute(1, 2, 0).numpy()
    axis.imshow(np.clip((values * std + mean) * 255, 0, 255).astype(np.uint8))
    axis.set_title(title, fontsize=16)
    axis.axis("off")
plt.show()
