public import MusterCore

extension CloudScript {
    /// Reads what a cloud does: `boot` (one or a list of `{median, sigma}`), `stopping` and `answer` in seconds,
    /// and `faults`. What is left out is as usual.
    ///
    /// - Parameter configs: the names of the pool's launch configs.
    public init(_ reader: DocumentReader, configs: [LaunchConfigID]) {
        self.init()
        if case .array = reader.document("boot")?.value {
            boot = (reader.list("boot", limit: 100) ?? []).map { BootTime(reader.element($0)) }
        } else if reader.has("boot") {
            boot = [BootTime(reader.object("boot"))]
        }
        if let time = reader.seconds("stopping", 0...86_400) { stopping = time }
        if let time = reader.seconds("answer", 0...86_400) { answer = time }
        faults = CloudFault.read(reader, "faults", configs: configs)
        reader.refuseUnknown()
    }
}

extension BootTime {
    /// Reads a distribution.
    init(_ reader: DocumentReader) {
        self.init(
            median: reader.seconds("median", 0...86_400) ?? SimulatorPolicy.bootMedian,
            sigma: reader.number("sigma", 0...10) ?? SimulatorPolicy.bootSigma)
        reader.refuseUnknown()
    }
}
