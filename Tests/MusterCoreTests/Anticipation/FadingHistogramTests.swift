import Testing

@testable import MusterCore

@Suite("Counts that fade, by size")
struct FadingHistogramTests {
    @Test("Sizes up to sixteen are told apart, larger ones to within 15 %, and none is made smaller")
    func classes() {
        for size in 0...16 {
            #expect(SizeClass.size(at: SizeClass.place(of: size)) == size)
            #expect(SizeClass.size(at: SizeClass.place(of: -size)) == -size)
        }
        for size in [17, 20, 99, 1_000, 54_321, 999_999] {
            let shown = SizeClass.size(at: SizeClass.place(of: size))
            #expect(shown >= size && Double(shown) <= Double(size) * 1.15 + 1, "\(size) is shown as \(shown)")
            #expect(SizeClass.size(at: SizeClass.place(of: -size)) == -shown)
        }
    }

    @Test("Classes ascend, and whatever is beyond the last belongs to it")
    func ascending() {
        let sizes = (0..<SizeClass.count).map(SizeClass.size(at:))
        #expect(zip(sizes, sizes.dropFirst()).allSatisfy(<))
        #expect(SizeClass.place(of: .max) == SizeClass.count - 1)
        #expect(SizeClass.place(of: .min) == 0)
    }

    @Test("A half-life later a count weighs half as much as a new one")
    func fades() {
        var histogram = FadingHistogram(halfLife: .seconds(60), at: noon)
        histogram.add(3, times: 2, at: noon)
        histogram.add(5, at: noon + .seconds(60))
        #expect(histogram.part(SizeClass.place(of: 3)) == histogram.part(SizeClass.place(of: 5)))
        #expect(abs(histogram.mass(at: noon + .seconds(60)) - 2) < 1e-9)
        #expect(abs(histogram.mass(at: noon + .seconds(120)) - 1) < 1e-9)
    }

    @Test("A thousand half-lives later numbers are still numbers, and only the last counts are left")
    func stays() {
        var histogram = FadingHistogram(halfLife: .seconds(1), at: noon)
        for second in 0..<1_000 { histogram.add(second % 7, at: noon + .seconds(Int64(second))) }
        let parts = (0..<SizeClass.count).map(histogram.part)
        #expect(abs(parts.reduce(0, +) - 1) < 1e-9)
        #expect(parts[SizeClass.place(of: 999 % 7)] > 0.5)
        #expect(abs(histogram.mass(at: noon + .seconds(999)) - 2) < 1e-6)
    }

    @Test("A clock that was set back counts as if it stood")
    func setBack() {
        var histogram = FadingHistogram(halfLife: .seconds(1), at: noon)
        histogram.add(1, at: noon + .seconds(8))
        histogram.add(2, at: noon + .seconds(4))
        #expect(histogram.part(SizeClass.place(of: 2)) == 0.5)
        #expect(histogram.mass(at: noon) == 2)
    }

    @Test("What is stored is what counts, without the traces")
    func stored() {
        var histogram = FadingHistogram(halfLife: .seconds(60), at: noon)
        histogram.add(9, at: noon)
        histogram.add(-200, times: 3, at: noon + .seconds(3_600))
        let later = noon + .seconds(3_600)
        let stored = histogram.stored(at: later)
        #expect(stored.count == 1)
        let again = FadingHistogram(stored, halfLife: .seconds(60), at: later)
        #expect(again.part(SizeClass.place(of: -200)) == 1)
        #expect(abs(again.mass(at: later) - 3) < 1e-9)
    }
}
