"""Runs the unittest suites below the current folder and writes what came out as JSON: run_unittest.py RESULTS [WORDS]."""

import json
import sys
import unittest


class Counting(unittest.TextTestResult):
    """Knows how many passed: unittest only counts what ran."""

    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.passed += 1


def main() -> int:
    sys.path.insert(0, ".")
    results, *words = sys.argv[1:]
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{word}*" for word in words] or None
    # Several pieces of QGIS write to standard error; the log of the tests goes there, too.
    outcome = unittest.TextTestRunner(resultclass=Counting, verbosity=1, warnings="default").run(loader.discover("tests"))
    failed = [str(test) for test, _ in outcome.failures + outcome.errors] + [str(test) for test in outcome.unexpectedSuccesses]
    with open(results, "w", encoding="utf-8") as file:
        json.dump({"passed": outcome.passed, "failed": failed, "skipped": [f"{test}: {reason}" for test, reason in outcome.skipped]}, file)
    return 0 if outcome.wasSuccessful() else 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # QGIS can hang when the interpreter takes it down.
    import os
    os._exit(code)
