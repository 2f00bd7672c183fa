// Prints "N passed, N failed" from vitest's JSON report, and fails when a test failed, none ran, or vitest did.
import { readFileSync } from 'node:fs';

const [reportPath, status] = process.argv.slice(2);
const text = readFileSync(reportPath, 'utf8');
const report = text === '' ? { numPassedTests: 0, numFailedTests: 0, testResults: [] } : JSON.parse(text);

const passed = report.numPassedTests;
// A file that does not even load has no tests of its own, and counts as one failure.
const brokenFiles = report.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
).length;
let failed = report.numFailedTests + brokenFiles;
if (status !== '0' && failed === 0) failed = 1;

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
