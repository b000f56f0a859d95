import Testing

@testable import MusterCore

@Suite struct HealthTests {
    @Test("Counts halve with every half-life")
    func fades() {
        var health = Health(at: noon)
        health.fail(4, at: noon)
        health.fail(0, at: noon + DecisionPolicy.healthHalfLife)
        #expect(abs(health.failures - 2) < 1e-9)
        health.fail(0, at: noon + DecisionPolicy.healthHalfLife * 3)
        #expect(abs(health.failures - 0.5) < 1e-9)
    }

    @Test("One call counts for five failures at most")
    func capped() {
        var health = Health(at: noon)
        health.fail(100, at: noon)
        #expect(health.failures == 5)
    }

    @Test("A prior keeps a single failure from deciding, and errors age away")
    func ratio() {
        var health = Health(at: noon)
        #expect(health.errorRatio(at: noon) == 0)
        health.fail(at: noon)
        #expect(abs(health.errorRatio(at: noon) - 1.0 / 3) < 1e-9)
        #expect(health.errorRatio(at: noon + .seconds(86_400)) < 1e-9)
    }

    @Test("A clock that steps back fades nothing and breaks nothing")
    func clockBack() {
        var health = Health(at: noon)
        health.fail(at: noon)
        health.fail(at: noon - .seconds(3_600))
        #expect(health.failures == 2)
        #expect(health.at == noon)
    }

    @Test("Between half-lives the fading is exact to nine digits", arguments: [0.1, 0.25, 0.5, 0.75, 0.999])
    func between(part: Double) {
        var health = Health(successes: 1, failures: 0, at: noon)
        health.fail(0, at: noon + DecisionPolicy.healthHalfLife * part)
        // 2^-x for these x, by squaring: (2^-x)^(1/x) must be one half.
        var power = 1.0
        for _ in 0..<1_000 { power *= health.successes }
        let milli = DecisionPolicy.healthHalfLife * part
        let halves = Double(milli.milliseconds) / Double(DecisionPolicy.healthHalfLife.milliseconds) * 1_000
        var expected = 1.0
        for _ in 0..<Int(halves.rounded(.down)) { expected /= 2 }
        if halves == halves.rounded() { #expect(abs(power / expected - 1) < 1e-6) }
        #expect(health.successes < 1 && health.successes > 0.5)
    }
}
