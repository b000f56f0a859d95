import FoundationEssentials
import MusterCore
import MusterStore

extension Command {
    /// `muster import-from`: move a database file into PostgreSQL.
    static let importFrom = Command(
        "import-from", "move a database file into the PostgreSQL database of muster.yaml",
        discussion: """
            The file must not be in use, and the database must be empty. Everything is copied in one transaction \
            and counted before it is committed: it is there whole or not at all, and the file stays as it is. \
            Keep master.key of the old state folder: workers' credentials are derived from it.
            """,
        operands: [Operand("SOURCE", "sqlite:FILE, such as sqlite:/var/lib/muster/muster.db")],
        examples: [
            Example("muster import-from sqlite:/var/lib/muster/muster.db", "after muster serve was stopped")
        ]
    ) { arguments in
        let setup = try Setup(arguments)
        let path = try file(of: try arguments.required("SOURCE"))
        guard case .postgres(let settings) = setup.configuration.database else {
            throw Problem(
                .inputInvalid,
                "muster.yaml names no PostgreSQL database to import into: set database.url, or MUSTER_DATABASE"
            )
        }
        let source = try await SQLiteStore.open(path: path, access: .readOnly, waiting: .zero)
        let counts: [StoreImport.TableCount]
        do {
            counts = try await move(source, to: settings, setup)
        } catch {
            await source.close()
            throw error
        }
        await source.close()
        try setup.answer(counts) {
            for count in counts where count.rows > 0 {
                try setup.output.print("\(count.table): \(count.rows) rows, counted again")
            }
            try setup.output.print("imported \(path)")
        }
        return .done
    }

    private static func file(of source: String) throws(Problem) -> String {
        let scheme = "sqlite:"
        guard source.hasPrefix(scheme), source.count > scheme.count else {
            throw Problem(.usage, "SOURCE must be sqlite:FILE")
        }
        let path = ConfigurationFile.absolute(
            String(source.dropFirst(scheme.count)), in: FileManager.default.currentDirectoryPath)
        guard FileManager.default.fileExists(atPath: path) else {
            throw Problem(.fileFailed, "there is no \(path)")
        }
        return path
    }

    private static func move(
        _ source: SQLiteStore, to settings: PostgresSettings, _ setup: Setup
    ) async throws -> [StoreImport.TableCount] {
        let target = try await PostgresStore.open(try settings.address(setup.secrets))
        do {
            let counts = try await StoreImport(from: source) { progress in
                guard progress.isWorthTelling else { return }
                // Who cannot be told is told the outcome.
                try? setup.say("\(progress.table): \(progress.copied) of \(progress.rows) rows")
            }.run(into: target)
            await target.close()
            return counts
        } catch {
            await target.close()
            throw error
        }
    }
}

extension StoreImport.Progress {
    /// Tables of a few rows are done before anybody could read of them.
    fileprivate var isWorthTelling: Bool {
        rows >= ClientPolicy.rowsPerLine && copied % ClientPolicy.rowsPerLine == 0
    }
}
