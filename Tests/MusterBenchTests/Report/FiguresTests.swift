import Testing

@testable import MusterBench

@Suite("Figures that are gathered")
struct FiguresTests {
    @Test("come in the order of the names asked for, without those that were never measured")
    func order() {
        var figures = Figures()
        figures.add(2, to: .latencyCall)
        figures.add(7, to: .memory)
        figures.add(4, to: .latencyCall)
        let named = figures.named([.memory, .latencyPlain, .latencyCall])
        #expect(named.map(\.name) == [.memory, .latencyCall])
        #expect(named.map(\.sample) == [Sample([7]), Sample([2, 4])])
    }
}
