"""Times transformers' ViTMAEForPreTraining on the processor; torch.ts runs it and reads its one line of JSON.

The rule is that of measure.ts: warm up for half the budget, then at least three runs, and more until the budget is
spent. Encoder and decoder are timed apart, as `model.vit` (random_masking included) and `model.decoder`.
"""

import argparse
import json
import platform
import time

import torch
import transformers
from transformers import ViTMAEForPreTraining

MIN_RUNS = 3
MAX_RUNS = 40


def milliseconds(start):
    return (time.perf_counter() - start) * 1000


def repeat(once, budget):
    warm = time.perf_counter()
    while True:
        once()
        if milliseconds(warm) >= budget / 2:
            break
    results = []
    begin = time.perf_counter()
    while len(results) < MIN_RUNS or (len(results) < MAX_RUNS and milliseconds(begin) < budget):
        results.append(once())
    return results


def time_passes(model, ratio, batch, budget):
    config = model.config
    config.mask_ratio = ratio
    generator = torch.Generator().manual_seed(2)
    length = (config.image_size // config.patch_size) ** 2
    pixels = torch.rand(1, 3, config.image_size, config.image_size, generator=generator)
    pixels = pixels.expand(batch, -1, -1, -1).contiguous()
    noise = torch.rand(batch, length, generator=generator)

    def once():
        start = time.perf_counter()
        encoded = model.vit(pixels, noise=noise)
        encoder = milliseconds(start)
        model.decoder(encoded.last_hidden_state, encoded.ids_restore)
        return encoder, milliseconds(start)

    results = repeat(once, budget)
    return {
        "ratio": ratio,
        "batch": batch,
        "encoder": [encoder for encoder, _ in results],
        "decoder": [whole - encoder for encoder, whole in results],
        "whole": [whole for _, whole in results],
    }


def time_load(folder):
    """From a folder to a model that has run once."""
    start = time.perf_counter()
    model = ViTMAEForPreTraining.from_pretrained(folder).eval()
    side = model.config.image_size
    model(torch.zeros(1, 3, side, side))
    return milliseconds(start)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", help="config.json and model.safetensors")
    parser.add_argument("--ratios", type=float, nargs="*", default=[], help="one image at each of these")
    parser.add_argument("--batches", type=int, nargs="*", default=[], help="as many masks at once, at --sweep-ratio")
    parser.add_argument("--sweep-ratio", type=float, default=0.75)
    parser.add_argument("--loads", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--budget", type=float, default=3000, help="milliseconds")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    transformers.utils.logging.set_verbosity_error()

    wanted = [(ratio, 1, "forward") for ratio in arguments.ratios]
    wanted += [(arguments.sweep_ratio, batch, "sweep") for batch in arguments.batches]
    passes = []
    with torch.inference_mode():
        for attention in ("eager", "sdpa") if wanted else ():
            model = ViTMAEForPreTraining.from_pretrained(arguments.folder, attn_implementation=attention).eval()
            for ratio, batch, kind in wanted:
                times = time_passes(model, ratio, batch, arguments.budget)
                passes.append({"attention": attention, "kind": kind, **times})
        loads = [time_load(arguments.folder) for _ in range(arguments.loads)]
    versions = f"torch {torch.__version__}, transformers {transformers.__version__}, Python {platform.python_version()}"
    print(json.dumps({"versions": versions, "passes": passes, "loads": loads}))


if __name__ == "__main__":
    main()
