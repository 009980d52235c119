"""Writes what README.md describes: `python write.py [--only golden|fixtures|formats] [NAME...]`."""

import argparse
import sys
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

KINDS = ("fixtures", "golden", "formats")
FIXTURES = ("random", "masking", "patches", "resample", "position", "processor", "floats", "reconstruction")
FIXTURES += ("harmonic", "python", "published", "channels", "library")


def total(directory):
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())


def main(argv=None):
    from writers import checkpoints, formats, golden
    from writers.arrays import write_json

    parser = argparse.ArgumentParser(description="Writes reference values with the real libraries.")
    parser.add_argument("--only", choices=KINDS)
    parser.add_argument("--out", type=Path, default=HERE, help="where the three folders are written")
    parser.add_argument("names", nargs="*", metavar="NAME", help="one of them; all when absent")
    args = parser.parse_args(argv)

    unknown = set(args.names) - set(FIXTURES) - set(checkpoints.CHECKPOINTS) - set(formats.FORMATS)
    if unknown:
        parser.error(f"no such name: {', '.join(sorted(unknown))}")

    def chosen(name):
        return not args.names or name in args.names

    if args.only in (None, "fixtures"):
        for name in filter(chosen, FIXTURES):
            path = args.out / "fixtures" / f"{name}.json"
            write_json(path, import_module(f"writers.fixture_{name}").build())
            print(f"fixtures/{name}.json: {path.stat().st_size:,} bytes")
    if args.only in (None, "golden"):
        for name in filter(chosen, checkpoints.CHECKPOINTS):
            golden.write(name, args.out / "golden" / name)
            print(f"golden/{name}: {total(args.out / 'golden' / name):,} bytes")
    if args.only in (None, "formats"):
        for name in filter(chosen, formats.FORMATS):
            formats.write(name, args.out / "formats" / name)
            print(f"formats/{name}: {total(args.out / 'formats' / name):,} bytes")
    for kind in KINDS:
        print(f"{kind} together: {total(args.out / kind):,} bytes")


if __name__ == "__main__":
    main()
