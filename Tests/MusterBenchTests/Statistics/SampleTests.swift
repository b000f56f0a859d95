import Testing

@testable import MusterBench

@Suite("Samples")
struct SampleTests {
    @Test(
        "have the value in the middle as their median, in whatever order they come",
        arguments: [
            ([7], 7), ([3, 1], 2), ([9, 1, 5], 5), ([4, 1, 3, 2], 2.5), ([2, 2, 2, 1_000], 2),
        ] as [([Double], Double)])
    func median(values: [Double], median: Double) {
        #expect(Sample(values).median == median)
        #expect(Sample(values.reversed()).median == median)
    }

    @Test(
        "have quantiles between neighbours in proportion",
        arguments: [(0, 10), (0.25, 20), (0.5, 30), (0.75, 40), (0.9, 46), (1, 50), (-1, 10), (2, 50)]
            as [(Double, Double)])
    func quantiles(fraction: Double, value: Double) {
        #expect(abs(Sample([50, 10, 40, 20, 30]).quantile(fraction) - value) < 1e-9)
    }

    @Test("know their ends and their size")
    func ends() {
        let sample = Sample([3, -1, 2])
        #expect((sample.least, sample.most) == (-1, 3))
        #expect(sample.count == 3)
    }
}
