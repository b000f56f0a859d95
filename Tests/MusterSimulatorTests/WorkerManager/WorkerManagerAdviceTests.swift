import MusterCore
import MusterSimulator
import Testing

@Suite struct WorkerManagerAdviceTests {
    @Test("The advice keeps the newest workers, busy or idle, until the target is filled")
    func newestStay() {
        let candidates = (0..<4).map {
            WorkerManagerAdvice.Candidate(id: $0, requestedAt: noon + .seconds($0), capacity: 2)
        }
        #expect(
            WorkerManagerAdvice.decide(candidates, target: 3)
                == [0: .overCapacity, 1: .overCapacity, 2: .needed, 3: .needed])
        #expect(WorkerManagerAdvice.decide(candidates, target: 0).values.allSatisfy { $0 == .overCapacity })
        #expect(WorkerManagerAdvice.decide(candidates, target: 8).values.allSatisfy { $0 == .needed })
    }

    @Test("Workers of an archived launch config go first and fill nothing")
    func archivedGo() {
        let candidates = [
            WorkerManagerAdvice.Candidate(id: "old", requestedAt: noon),
            WorkerManagerAdvice.Candidate(
                id: "archived", requestedAt: noon + .seconds(1), isArchived: true),
        ]
        #expect(
            WorkerManagerAdvice.decide(candidates, target: 1) == ["old": .needed, "archived": .archived])
    }

    @Test("Among workers of the same moment the scan's order decides")
    func ties() {
        let candidates = ["x", "y", "z"].map { WorkerManagerAdvice.Candidate(id: $0, requestedAt: noon) }
        #expect(
            WorkerManagerAdvice.decide(candidates, target: 1.5)
                == ["x": .needed, "y": .needed, "z": .overCapacity])
    }
}
