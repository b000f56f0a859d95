import FoundationEssentials
import MusterAPI
import MusterCore
import MusterStore

extension Command {
    /// `muster backup`: a copy of the database.
    static let backup = Command(
        "backup", "write a copy of the database to a file, while the service works",
        discussion: """
            The copy is of one moment, checked, and there whole or not at all. It is written by the service \
            while one runs, so that the service's user must be able to write there. It does not hold the master \
            key: keep master.key of the state folder apart from it.
            """,
        operands: [Operand("FILE", "the file to write, which only its owner can read")],
        options: [.flag("force", "replace a backup that is there already")],
        examples: [
            Example("muster backup /var/backups/muster.db", "refused when the file is there"),
            Example("muster backup --force nightly.db", "takes the place of yesterday's"),
        ]
    ) { arguments in
        let setup = try Setup(arguments)
        let path = ConfigurationFile.absolute(
            try arguments.required("FILE"), in: FileManager.default.currentDirectoryPath)
        let request = BackupRequest(path: path, replacing: arguments.flag("force"))
        let facts = try await ServiceClient.with(setup) {
            try await $0.post(
                APIPath.backup, request, BackupFacts.self, within: ClientPolicy.upkeepTimeout)
        }
        try setup.answer(facts) {
            try setup.output.print("\(facts.path): \(size(facts.bytes)), checked, schema \(facts.schema)")
        }
        return .done
    }

    /// A number of bytes for a person to read.
    private static func size(_ bytes: Int64) -> String {
        let units = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
        guard let (unit, size) = units.first(where: { bytes >= $0.1 }) else { return "\(bytes) bytes" }
        let tenths = Int(bytes) * 10 / size
        return "\(tenths / 10).\(tenths % 10) \(unit)"
    }
}
