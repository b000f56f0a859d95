import Glibc
import MusterTesting
import Testing

/// Three fake clouds on which everything goes wrong, and the real program that is killed again and again.
///
/// `MUSTER_CHAOS_SEED` repeats one run; `muster-bench chaos` makes longer ones.
@Suite("Chaos", .timeLimit(.minutes(20)))
struct ChaosTests {
    private static let seeds: [UInt64] = {
        guard let seed = getenv("MUSTER_CHAOS_SEED").flatMap({ UInt64(String(cString: $0)) }) else {
            return [1, 2, 3]
        }
        return [seed]
    }()

    @Test(
        "Launched equals wanted, nothing is unknown, launched twice, a stranger's or unexplained",
        arguments: seeds)
    func chaos(seed: UInt64) async throws {
        let run = try ChaosRun(MusterProgram.path, seed: seed, instances: 240, kills: 8)
        let report = try await run.run()
        #expect(report.violations == [])
        #expect(report.standing == report.wanted && report.wanted == 240)
        #expect(report.kills == 8 && report.changes >= 7 && report.retired > 0)
        // What came after its launch was over was asked for again meanwhile.
        #expect(report.late == 0)
        // Something has gone wrong where it matters, or nothing was tried.
        #expect(report.killsInLaunch > 0 && report.leftBehind > 0)
        for fault in DealtFault.allCases { #expect(report.dealtToLaunches(fault) > 0, "\(fault)") }
    }
}
