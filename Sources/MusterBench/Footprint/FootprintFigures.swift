extension FigureName {
    /// A command of the same program that does nothing, from start to end.
    static let commandTime = FigureName("footprint.version-command", in: .milliseconds)
    /// From the service's start until it serves.
    static let start = FigureName("footprint.start", in: .milliseconds)
    static let memory = FigureName("footprint.resident", in: .megabytes)
    /// Resident memory with what is shared divided by those who share it.
    static let proportionalMemory = FigureName("footprint.proportional", in: .megabytes)
    /// How often a thread of the service gets the processor while nothing happens.
    static let wakeUps = FigureName("footprint.wake-ups", in: .perSecond)
    static let startWithPools = FigureName("footprint.start-with-pools", in: .milliseconds)
    static let memoryWithPools = FigureName("footprint.resident-with-pools", in: .megabytes)
    static let proportionalMemoryWithPools = FigureName("footprint.proportional-with-pools", in: .megabytes)
    static let wakeUpsWithPools = FigureName("footprint.wake-ups-with-pools", in: .perSecond)

    /// All of this benchmark's.
    static let footprint: [FigureName] = [
        .commandTime, .start, .memory, .proportionalMemory, .wakeUps, .startWithPools, .memoryWithPools,
        .proportionalMemoryWithPools, .wakeUpsWithPools,
    ]
}
