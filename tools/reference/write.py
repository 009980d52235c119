"""Writes the golden directories and the fixtures: `python write.py [--only golden|fixtures] [NAME...]`."""

import argparse
import sys
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

FIXTURES = ("random", "masking", "patches", "resample", "position", "processor", "floats", "reconstruction")


def total(directory):
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())


def main(argv=None):
    from writers import checkpoints, golden
    from writers.arrays import write_json

    parser = argparse.ArgumentParser(description="Writes reference values with the real libraries.")
    parser.add_argument("--only", choices=("golden", "fixtures"))
    parser.add_argument("--out", type=Path, default=HERE, help="where golden/ and fixtures/ are written")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a golden directory or a fixture; all when absent")
    args = parser.parse_args(argv)

    unknown = set(args.names) - set(FIXTURES) - set(checkpoints.CHECKPOINTS)
    if unknown:
        parser.error(f"no such name: {', '.join(sorted(unknown))}")

    def chosen(name):
        return not args.names or name in args.names

    if args.only != "golden":
        for name in filter(chosen, FIXTURES):
            path = args.out / "fixtures" / f"{name}.json"
            write_json(path, import_module(f"writers.fixture_{name}").build())
            print(f"fixtures/{name}.json: {path.stat().st_size:,} bytes")
    if args.only != "fixtures":
        for name in filter(chosen, checkpoints.CHECKPOINTS):
            golden.write(name, args.out / "golden" / name)
            print(f"golden/{name}: {total(args.out / 'golden' / name):,} bytes")
    for kind in ("fixtures", "golden"):
        print(f"{kind} together: {total(args.out / kind):,} bytes")


if __name__ == "__main__":
    main()
