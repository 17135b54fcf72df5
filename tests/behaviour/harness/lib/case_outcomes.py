"""Runs tests of unittest and prints what became of each."""
import io
import unittest


class Outcomes(unittest.TestResult):
    def startTest(self, test):
        super().startTest(test)
        print("start", test.id())

    def addSuccess(self, test):
        print("success", test.id())

    def addFailure(self, test, error):
        print("failure", test.id(), error[1])

    def addError(self, test, error):
        print("error", test.id(), repr(error[1]))

    def addSkip(self, test, reason):
        print("skip", test.id(), reason)

    def addExpectedFailure(self, test, error):
        print("expected", test.id())

    def addSubTest(self, test, subtest, error):
        print("sub", subtest.id(), error and repr(error[1]))


def run(*modules):
    suite = unittest.defaultTestLoader.loadTestsFromNames(modules)
    result = Outcomes()
    suite.run(result)
    print(result.testsRun)
