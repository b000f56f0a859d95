import Glibc
import MusterCore
import MusterRuntime

extension Command {
    /// `muster serve`: the service.
    static let serve = Command(
        "serve", "run the service: loops, workers' calls and the command's socket",
        discussion: """
            Runs in the foreground until SIGTERM or SIGINT; then it takes no new work, settles what is in \
            flight, and exits 0. Workers go on meanwhile, and the next start finds them.

            Workers are answered on the address that `listen` of muster.yaml names; operators' commands on \
            the socket in the state folder, which only its owner can open.
            """,
        examples: [
            Example("muster serve", "with ./muster.yaml"),
            Example("muster --config /etc/muster/muster.yaml serve", "with another file"),
        ]
    ) { arguments in
        let setup = try Setup(arguments)
        // Taken before anything starts, so that no signal finds the process unprepared.
        let signals = ProcessSignals.stream(of: [SIGTERM, SIGINT])
        let log = setup.log
        let service = try await Service.start(
            setup.configuration, program: try .own(), environment: setup.environment, log: log)
        log.info(
            "serving",
            [
                "workers": service.url, "operators": setup.configuration.socket,
                "state": setup.configuration.state,
                "version": Version.text,
            ])
        ServiceManager.tell(.ready, setup.environment)
        for await signal in signals {
            log.info("stopping", ["signal": signal == SIGTERM ? "SIGTERM" : "SIGINT"])
            break
        }
        ServiceManager.tell(.stopping, setup.environment)
        await service.stop()
        return .done
    }
}

/// The version of this program.
enum Version {
    static let text = "0.1.0"
}
