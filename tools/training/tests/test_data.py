import io
import tarfile

import numpy as np
import pytest
from PIL import Image

from pack import pack
from photos import load_photos, without_twins
from procedural import procedural_picture
from split import TEST, TRAIN, VALIDATION, part_of


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(0)
    for i in range(200):
        path = tmp_path / "photos" / f"set{i % 2}" / f"{i}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 256, (4, 5, 3), dtype=np.uint8)).save(path)
    return tmp_path / "photos"


def test_parts_are_disjoint_and_complete(folder):
    parts = {part: [n for n, _ in load_photos(folder, part)] for part in (TRAIN, VALIDATION, TEST)}
    names = [name for part in parts.values() for name in part]
    assert len(names) == len(set(names)) == 200
    assert 8 <= len(parts[TEST]) <= 35


def test_the_split_is_fixed():
    names = [f"picture_{i}.jpg" for i in range(1000)]
    assert [n for n in names[:40] if part_of(n) == TEST] == FIXED
    assert sum(part_of(n) == TEST for n in names) == pytest.approx(100, abs=30)
    assert part_of("a/b/picture_1.jpg") == part_of("picture_1.jpg")


FIXED = ["picture_15.jpg"]


def test_archive_and_folder_agree(folder, tmp_path):
    with tarfile.open(tmp_path / "photos.tar.gz", "w:gz") as archive:
        archive.add(folder, arcname=".")
    one, two = load_photos(folder, TRAIN), load_photos(tmp_path / "photos.tar.gz", TRAIN)
    assert [n for n, _ in one] == [n.removeprefix("./") for n, _ in two]
    assert all(np.array_equal(a, b) for (_, a), (_, b) in zip(one, two, strict=True))


def test_packed_photographs_keep_their_part_and_held_out_ones_their_bytes(tmp_path):
    rng = np.random.default_rng(0)
    for i in range(60):
        path = tmp_path / "photos" / f"{i}.jpg"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(procedural_picture(rng, 96)[:, :80]).save(path, quality=95)
    limit = 60_000
    paths = pack([tmp_path / "photos"], tmp_path / "packed", limit, side=48, quality=70)
    assert len(paths) > 1 and all(path.stat().st_size <= limit for path in paths)
    for path in reversed(paths):
        with tarfile.open(path) as archive:
            archive.extractall(tmp_path / "unpacked", filter="data")
    there = tmp_path / "unpacked" / "photos"
    assert {p.name for p in there.iterdir()} == {f"{i}.jpg" for i in range(60)}
    for path in there.iterdir():
        before = (tmp_path / "photos" / path.name).read_bytes()
        if part_of(path.name) == TRAIN:
            assert min(Image.open(path).size) == 48
        else:
            assert path.read_bytes() == before
    assert any(part_of(path.name) != TRAIN for path in there.iterdir())
    with pytest.raises(ValueError, match="one name"):
        two = [tmp_path / "photos", tmp_path / "a" / "photos.tar"]
        pack(two, tmp_path / "packed", limit, side=48, quality=70)


def test_a_broken_file_is_named(tmp_path):
    name = next(f"{i}.jpg" for i in range(99) if part_of(f"{i}.jpg") == TRAIN)
    (tmp_path / name).write_bytes(b"no picture")
    with pytest.raises(ValueError, match=name):
        load_photos(tmp_path, TRAIN)


def test_exif_orientation_is_applied(tmp_path):
    name = next(f"{i}.jpg" for i in range(99) if part_of(f"{i}.jpg") == TRAIN)
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    Image.new("RGB", (8, 4)).save(buffer, "JPEG", exif=exif)
    (tmp_path / name).write_bytes(buffer.getvalue())
    assert load_photos(tmp_path, TRAIN)[0][1].shape == (8, 4, 3)


def test_procedural_pictures():
    one = [procedural_picture(np.random.default_rng(i), 64) for i in range(30)]
    again = procedural_picture(np.random.default_rng(7), 64)
    assert all(p.shape == (64, 64, 3) and p.dtype == np.uint8 for p in one)
    assert np.array_equal(one[7], again)
    # Flat or pure noise would teach nothing: pictures vary, and neighbours are alike.
    varied = [p for p in one if p.std() > 8]
    assert len(varied) > 24
    steps = np.mean([np.abs(np.diff(p.astype(float), axis=1)).mean() / p.std() for p in varied])
    assert steps < 0.5


def test_twins_of_held_out_pictures_are_dropped():
    pictures = [procedural_picture(np.random.default_rng(i), 64) for i in range(8)]
    twin = np.asarray(Image.fromarray(pictures[2]).resize((90, 80)))
    kept = without_twins(pictures, [twin])
    assert len(kept) == 7 and not any(p is pictures[2] for p in kept)
