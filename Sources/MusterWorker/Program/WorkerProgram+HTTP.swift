public import MusterCore
public import MusterHTTP
public import MusterRuntime

extension WorkerProgram {
    /// A worker that speaks to the service over HTTP.
    ///
    /// The generator makes the nonce of the registration, so it must be one whose numbers cannot be guessed.
    ///
    /// - Throws: `Problem` `input-invalid` when the service's URL is none.
    public init(
        configuration: WorkerConfiguration, client: HTTPClient, signals: AsyncStream<WorkerSignal>,
        clock: any WallClock = SteadyClock(),
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(), log: Log
    ) throws(Problem) {
        let address = try ServiceAddress(configuration.serviceURL)
        self.init(
            configuration: configuration,
            connection: HTTPServiceConnection(
                to: address, as: configuration.worker, client: client, clock: clock),
            signals: signals, clock: clock, generator: generator, log: log)
    }
}
