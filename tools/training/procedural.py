"""Pictures made on the fly: dead leaves, gradients, textures.

Dead leaves (Lee, Mumford & Huang 2001, "Occlusion models for natural images"): shapes
with sizes from a power law cover one another, which gives edges and a spectrum like those
of photographs. They are a cheap supplement, not a substitute.
"""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter


def _smooth_noise(rng: np.random.Generator, size: int, coarse: int) -> np.ndarray:
    """Noise in [0, 1], float32 [size, size], with features of about size / coarse pixels."""
    grid = (rng.random((coarse, coarse)) * 255).astype(np.uint8)
    image = Image.fromarray(grid).resize((size, size), Image.Resampling.BICUBIC)
    return np.asarray(image, dtype=np.float32) / 255


def _colours(rng: np.random.Generator, count: int) -> np.ndarray:
    """A palette of related colours, uint8 [count, 3]: photographs are seldom pure hues."""
    base = rng.random(3)
    spread = rng.uniform(0.1, 0.5)
    light = rng.normal(0, 0.25, (count, 1))
    return np.clip((base + light + rng.normal(0, spread / 3, (count, 3))) * 255, 0, 255).astype(
        np.uint8
    )


def _gradient(rng: np.random.Generator, size: int) -> np.ndarray:
    """Two to three colours along a bent direction, uint8 [size, size, 3]."""
    ends = _colours(rng, 3).astype(np.float32)
    angle = rng.uniform(0, 2 * math.pi)
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size - 0.5
    t = math.cos(angle) * x + math.sin(angle) * y
    t = t + rng.uniform(0, 0.4) * (_smooth_noise(rng, size, 4) - 0.5)
    t = ((t - t.min()) / (np.ptp(t) + 1e-6))[..., None]
    mixed = ends[0] * (1 - t) + ends[1] * t + (ends[2] - ends[0]) * np.maximum(t - 0.5, 0)
    return np.clip(mixed, 0, 255).astype(np.uint8)


def _texture(rng: np.random.Generator, size: int) -> np.ndarray:
    """Noise over octaves, or stripes and checks, in two colours; uint8 [size, size, 3]."""
    if rng.random() < 0.6:
        fall = rng.uniform(0.4, 0.8)
        t = sum(_smooth_noise(rng, size, 3 * 2**k) * fall**k for k in range(5))
    else:
        angle, period = rng.uniform(0, math.pi), rng.uniform(6, 60)
        y, x = np.mgrid[0:size, 0:size].astype(np.float32)
        u = math.cos(angle) * x + math.sin(angle) * y
        v = math.cos(angle) * y - math.sin(angle) * x
        t = np.sin(u * (2 * math.pi / period))
        if rng.random() < 0.5:
            t = t * np.sin(v * (2 * math.pi / period))
        t = np.clip(t * rng.uniform(1, 6), -1, 1)
    t = ((t - t.min()) / (np.ptp(t) + 1e-6))[..., None]
    low, high = _colours(rng, 2).astype(np.float32)
    return (low * (1 - t) + high * t).astype(np.uint8)


def _leaves(rng: np.random.Generator, size: int, ground: np.ndarray) -> np.ndarray:
    """Ellipses, boxes and polygons with power-law radii over a ground picture."""
    image = Image.fromarray(ground)
    draw = ImageDraw.Draw(image)
    count = int(rng.integers(5, 120))
    palette = _colours(rng, 12)
    # p(r) ~ r^-3 between the two radii, by inversion.
    low, high = 4.0, size * 0.45
    u = rng.random(count)
    radii = (low**-2 - u * (low**-2 - high**-2)) ** -0.5
    for radius in radii:
        cx, cy = rng.uniform(0, size, 2)
        colour = tuple(int(c) for c in palette[rng.integers(len(palette))])
        corners = int(rng.integers(2, 8))
        if corners == 2:
            ratio = rng.uniform(0.4, 1)
            draw.ellipse(
                (cx - radius, cy - radius * ratio, cx + radius, cy + radius * ratio), colour
            )
        else:
            turn = np.sort(rng.uniform(0, 2 * math.pi, corners))
            points = [(cx + radius * math.cos(a), cy + radius * math.sin(a)) for a in turn]
            draw.polygon(points, colour)
    return np.asarray(image)


def procedural_picture(rng: np.random.Generator, size: int) -> np.ndarray:
    """One picture, uint8 [size, size, 3]; the same generator state gives the same picture."""
    ground = _gradient(rng, size) if rng.random() < 0.6 else _texture(rng, size)
    picture = _leaves(rng, size, ground) if rng.random() < 0.8 else ground
    if rng.random() < 0.5:
        # Light that falls unevenly.
        light = 1 + rng.uniform(0, 0.6) * (_smooth_noise(rng, size, 3)[..., None] - 0.5)
        picture = np.clip(picture * light, 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        blur = ImageFilter.GaussianBlur(float(rng.uniform(0.3, 1.5)))
        picture = np.asarray(Image.fromarray(picture).filter(blur))
    return picture
