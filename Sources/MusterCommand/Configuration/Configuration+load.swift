import MusterCore
import MusterRuntime

extension Configuration {
    /// Reads the configuration: defaults, then the file, then the environment's `MUSTER_*` variables. An
    /// empty variable counts as absent.
    ///
    /// Paths in the file, and the default for `state` if there is a file, are relative to its folder;
    /// paths in the environment are relative to `folder`.
    /// - Parameter option: what `--config` says.
    /// - Parameter folder: the process's current folder, absolute.
    /// - Throws: `Problems` with everything that is wrong in the file and the environment.
    static func load(
        option: String?, environment: [String: String], folder: String
    ) throws(Problems) -> Configuration {
        let file = ConfigurationFile.find(option: option, environment: environment, folder: folder)
        var problems: [Problem] = []
        var document = Document(.null)
        if let file {
            do {
                document = try YAML.document(TextFile.read(file, limit: ConfigurationPolicy.largestFile))
            } catch {
                problems.append(error.of(file))
            }
        }
        let reader = DocumentReader(document)
        var configuration = Configuration(
            reader, file: file, folder: file.map(ConfigurationFile.folder) ?? folder)
        problems += reader.found.map { file.map($0.of) ?? $0 }
        problems += configuration.override(by: environment, folder: folder)
        if configuration.socket.utf8.count > ConfigurationPolicy.longestSocketPath {
            problems.append(
                Problem(
                    .inputInvalid,
                    "\(configuration.socket) is longer than the \(ConfigurationPolicy.longestSocketPath) bytes "
                        + "that a socket's path may have; choose a shorter folder", field: "state"))
        }
        if let problems = Problems(problems) { throw problems }
        return configuration
    }

    /// Reads the file's content; what is wrong is noted in `reader`.
    init(_ reader: DocumentReader, file: String?, folder: String) {
        self.file = file
        state = ConfigurationFile.absolute(reader.path("state") ?? "muster-state", in: folder)
        listen = reader.parsed("listen", ListenAddress.init(parsing:)) ?? .usual
        log = LogSettings(reader.object("log"))
        sources = SourceSettings(reader, folder: folder)
        providers = reader.providers(in: ProviderSurroundings(folder: folder, secrets: sources.secrets))
        database = DatabaseSettings(reader.object("database"), secrets: sources.secrets)
        let events = reader.object("events")
        eventsFile = events.path("file").map { ConfigurationFile.absolute($0, in: folder) }
        events.refuseUnknown()
        intervals = IntervalSettings(reader.object("intervals"))
        retention = RetentionSettings(reader.object("retention"))
        reader.refuseUnknown()
    }
}

extension Problem {
    /// The same problem, telling which file it is about.
    fileprivate func of(_ file: String) -> Problem {
        guard code != .fileFailed, code != .inputTooLarge else { return self }
        var problem = self
        problem.message += " (in \(file))"
        return problem
    }
}

extension DocumentReader {
    /// A path; an empty one is a problem.
    func path(_ name: String) -> String? {
        guard let path = string(name) else { return nil }
        guard !path.isEmpty, !path.utf8.contains(0) else {
            refuse(name, "must be a path")
            return nil
        }
        return path
    }

    /// A string that `parse` understands.
    fileprivate func parsed<Value>(
        _ name: String, _ parse: (String) throws(Problem) -> Value
    ) -> Value? {
        guard let text = string(name) else { return nil }
        do {
            return try parse(text)
        } catch {
            refuse(name, error.message)
            return nil
        }
    }
}

extension LogSettings {
    fileprivate init(_ reader: DocumentReader) {
        self.init()
        level = reader.choice("level", LogLevel.self) ?? level
        format = reader.choice("format", DescriptorLogSink.Format.self) ?? format
        reader.refuseUnknown()
    }
}

extension IntervalSettings {
    fileprivate init(_ reader: DocumentReader) {
        self.init()
        pass = reader.seconds("pass", ConfigurationPolicy.intervals) ?? pass
        reconcile = reader.seconds("reconcile", ConfigurationPolicy.intervals) ?? reconcile
        lease = reader.seconds("lease", ConfigurationPolicy.leaseTimes) ?? lease
        reader.refuseUnknown()
    }
}

extension RetentionSettings {
    fileprivate init(_ reader: DocumentReader) {
        self.init()
        let bounds = ConfigurationPolicy.retentions
        tasks = reader.seconds("tasks", bounds) ?? tasks
        workers = reader.seconds("workers", bounds) ?? workers
        launches = reader.seconds("launches", bounds) ?? launches
        errors = reader.seconds("errors", bounds) ?? errors
        events = reader.seconds("events", bounds) ?? events
        plans = reader.integer("plans", ConfigurationPolicy.planRetentions) ?? plans
        audit = reader.seconds("audit", bounds) ?? audit
        reader.refuseUnknown()
    }
}
