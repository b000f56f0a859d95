import MusterCore

/// How the simulated cloud behaves: its times, and what goes wrong when.
public struct CloudScript: Hashable, Sendable {
    /// Boot times by launch config; where there are fewer, the last holds for the rest.
    public var boot: [BootTime]
    /// From asking to end an instance until it is gone and billed no more.
    public var stopping: Duration
    /// From a call to its answer; an instance is billed from the answer on.
    public var answer: Duration
    /// What goes wrong.
    public var faults: [CloudFault]

    /// Makes a script; without arguments, of a cloud in which nothing goes wrong.
    public init(
        boot: [BootTime] = [BootTime()], stopping: Duration = SimulatorPolicy.stoppingTime,
        answer: Duration = SimulatorPolicy.answerTime, faults: [CloudFault] = []
    ) {
        self.boot = boot
        self.stopping = stopping
        self.answer = answer
        self.faults = faults
    }

    /// The boot times of a launch config.
    func boot(of config: Int) -> BootTime {
        boot.isEmpty ? BootTime() : boot[min(config, boot.count - 1)]
    }
}
