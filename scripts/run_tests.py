"""Builds everything, runs every suite, and counts: the closing line is "N passed, N failed, N skipped"."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as xml
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "artifacts" / "test-results"
DOTNET = os.environ.get("GEOWPS_DOTNET", "dotnet")
DOTNET_SUITES = {"unit": "tests/Unit", "architecture": "tests/Architecture", "integration": "tests/Integration"}
PYTHON_SUITES = ["src/Adapters/Execution/python", "scripts"]
SUITE_MINUTES = 30
# Debian's QGIS belongs to Debian's Python, whatever "python3" is in the path.
QGIS_PYTHON = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable


@dataclass
class Counts:
    passed: int = 0
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def add(self, other: "Counts") -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self) -> str:
        return f"{self.passed} passed, {len(self.failed)} failed, {len(self.skipped)} skipped"


def read_trx(path: Path) -> Counts:
    """Counts from the results file of one "dotnet test"; xunit writes the reason of a skip where errors stand."""
    counts = Counts()
    for result in xml.parse(path).iter():
        if not result.tag.endswith("}UnitTestResult"):
            continue
        name, outcome = result.get("testName", "?"), result.get("outcome")
        if outcome == "Passed":
            counts.passed += 1
        elif outcome == "NotExecuted":
            texts = [e.text.strip() for e in result.iter() if e.tag.endswith(("}Message", "}StdOut")) and e.text and e.text.strip()]
            counts.skipped.append(f"{name}: {texts[0] if texts else 'no reason given'}")
        else:
            counts.failed.append(name)
    return counts


def run(command: list[str], folder: Path = ROOT) -> int:
    """The command's exit code; 124 when it hung and was ended."""
    try:
        return subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, timeout=SUITE_MINUTES * 60).returncode
    except subprocess.TimeoutExpired:
        return 124


def finish(counts: Counts, suite: str, code: int, filtered: bool) -> Counts:
    """A suite that ended badly, or in which nothing ran, never counts as passed."""
    if code != 0 and not counts.failed:
        counts.failed.append(f"{suite}: ended with exit code {code}")
    if not filtered and counts.passed + len(counts.failed) + len(counts.skipped) == 0:
        counts.failed.append(f"{suite}: no test ran")
    return counts


def run_dotnet(suite: str, words: str | None) -> Counts:
    results = RESULTS / f"{suite}.trx"
    command = [DOTNET, "test", DOTNET_SUITES[suite], "-c", "Release", "--no-build", "--nologo", "-v", "quiet",
               "--logger", f"trx;LogFileName={results.name}", "--logger", "console;verbosity=minimal", "--results-directory", str(RESULTS),
               "--blame-hang-timeout", "5m", "--blame-hang-dump-type", "none"]
    if words:
        command += ["--filter", words if any(c in words for c in "=~!") else f"FullyQualifiedName~{words}"]
    code = run(command)
    return finish(read_trx(results) if results.exists() else Counts(), suite, code, bool(words))


def run_python(folder: str, words: str | None) -> Counts:
    results = RESULTS / f"{folder.replace('/', '-')}.json"
    code = run([QGIS_PYTHON, "-B", str(ROOT / "scripts" / "run_unittest.py"), str(results)] + ([words] if words else []), ROOT / folder)
    counts = Counts(**json.loads(results.read_text())) if results.exists() else Counts()
    return finish(counts, f"python {folder}", code, bool(words))


def main() -> int:
    parser = argparse.ArgumentParser(prog="geowps test", description=__doc__)
    parser.add_argument("--only", help="suites divided by commas: unit, architecture, integration, python")
    parser.add_argument("--filter", help="only tests whose full name contains this (or a filter expression of dotnet test)")
    parser.add_argument("--no-build", action="store_true", help="test what was built before")
    options = parser.parse_args()
    known = [*DOTNET_SUITES, "python"]
    suites = options.only.split(",") if options.only else known
    if unknown := [suite for suite in suites if suite not in known]:
        parser.error(f"no such suite: {', '.join(unknown)} (there are {', '.join(known)})")

    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir(parents=True)
    started = time.monotonic()
    total = Counts()
    if suites != ["python"] and not options.no_build:
        print("== build", flush=True)
        if run([DOTNET, "build", "GeoWps.sln", "-c", "Release", "--nologo", "-v", "quiet", "-clp:NoSummary"]) != 0:
            total.failed.append("build: GeoWps.sln does not build")
            suites = [suite for suite in suites if suite == "python"]

    for suite in known:
        folders = PYTHON_SUITES if suite == "python" else [DOTNET_SUITES[suite]]
        for folder in folders:
            # A suite whose folder is not in the repository is no suite.
            if suite not in suites or not any((ROOT / folder).glob("tests" if suite == "python" else "*.csproj")):
                continue
            print(f"== {suite}", flush=True)
            begun = time.monotonic()
            counts = run_python(folder, options.filter) if suite == "python" else run_dotnet(suite, options.filter)
            print(f"   {counts} in {time.monotonic() - begun:.0f} s", flush=True)
            total.add(counts)

    for title, names in (("skipped", total.skipped), ("failed", total.failed)):
        if names:
            print(f"== {title}")
            for name in names:
                print(f"   {name}")
    print(f"== {time.monotonic() - started:.0f} s")
    print(total, flush=True)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
