"""python.json: what the scripts of "Copy as Python" compute, run as they are; format in README.md."""

import hashlib
import math
import os
import runpy
import shutil
import sys
import tempfile
import types
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from .arrays import encode, sha256
from .synthetic import image

REFERENCE = Path(__file__).resolve().parent.parent
IMAGE, WIDTH, HEIGHT = {"kind": "gradient"}, 40, 30
SAMPLES = 128


class Axis:
    """Stands in for matplotlib's: keeps what is shown on it."""

    def __init__(self):
        self.values = self.title = None

    def imshow(self, values):
        self.values = values

    def set_title(self, title, **_):
        self.title = title

    def axis(self, _):
        pass


@contextmanager
def figures(axes):
    """Puts a matplotlib in place whose subplots are `axes`."""
    pyplot = types.ModuleType("matplotlib.pyplot")
    pyplot.subplots = lambda rows, columns, figsize: (None, axes[:columns])
    pyplot.show = lambda: None
    package = types.ModuleType("matplotlib")
    package.pyplot = pyplot
    before = {name: sys.modules.get(name) for name in ("matplotlib", "matplotlib.pyplot")}
    sys.modules |= {"matplotlib": package, "matplotlib.pyplot": pyplot}
    try:
        yield
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


def run(script):
    """Runs a script where its image and its checkpoint lie. Returns its variables and the panels by title."""
    axes = [Axis() for _ in range(4)]
    here = os.getcwd()
    with tempfile.TemporaryDirectory() as scratch, figures(axes):
        Image.fromarray(image(IMAGE, WIDTH, HEIGHT)).save(Path(scratch) / "gradient.png")
        for name in ("patch4-16px", "norm-pix-loss", "grey-3x3", "channels-4"):
            shutil.copytree(REFERENCE / "golden" / name, Path(scratch) / name)
        os.chdir(scratch)
        try:
            variables = runpy.run_path(str(script), run_name="__main__")
        finally:
            os.chdir(here)
    return variables, {axis.title: axis.values for axis in axes}


def samples(values):
    """The values at the flat indices i * 7919 mod size: a stride that is coprime to any size in use."""
    flat = np.asarray(values).reshape(-1)
    return encode(flat[np.arange(SAMPLES) * 7919 % flat.size])


def case(script):
    variables, panels = run(script)
    outputs = variables["outputs"]
    loss = outputs.loss.item()
    return {
        "name": script.stem,
        "script_sha256": hashlib.sha256(script.read_bytes()).hexdigest(),
        "mask_ratio": variables["model"].config.mask_ratio,
        "mask": outputs.mask[0].int().tolist(),
        "ids_restore": outputs.ids_restore[0].tolist(),
        "loss": None if math.isnan(loss) else loss,
        "logits": samples(outputs.logits[0]),
        "panels": {title: samples(values) for title, values in panels.items()},
    }


def build():
    # How a matrix product is split among threads decides its last bits.
    torch.set_num_threads(1)
    return {
        "image": IMAGE,
        "width": WIDTH,
        "height": HEIGHT,
        "image_sha256": sha256(image(IMAGE, WIDTH, HEIGHT)),
        "scripts": [case(script) for script in sorted((REFERENCE / "scripts").glob("*.py"))],
    }
