import Testing

// Each test below starts several processes, each of which starts more. All at once they would only wait for
// each other, and everybody's deadlines would pass meanwhile; two rows of them keep a small machine busy.

/// The suites of what operators type: one test after another.
@Suite(.serialized) enum OperatorSuites {}

/// The suites of what runs for long, the service, its workers and the demo: one test after another.
@Suite(.serialized) enum ServiceSuites {}
