"""Another program that copies wheels of many projects into a folder, as fast as it can.

Usage: writer.py FOLDER ASIDE COUNT. Made in ASIDE first; then it says so, and waits for a line.
"""

import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.builders import write_wheel


def main() -> None:
    folder, aside, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    made = [write_wheel(aside, f"project-{number}") for number in range(count)]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for path in made:
        shutil.copyfile(path, folder / path.name)


if __name__ == "__main__":
    main()
