import FoundationEssentials
import MusterCore
import MusterCrypto
import MusterRuntime

/// Definitions of pools as they stand in files.
enum PoolFiles {
    /// Reads the definitions of a file, or of every `.yml`, `.yaml` and `.json` file of a folder, by name.
    ///
    /// A file holds one pool, a list under `workerPools`, or several YAML documents of either kind. Each
    /// definition is checked here, where lines are known; what is sent is the document as written.
    /// - Throws: all problems of all files.
    static func read(_ path: String) throws(Problems) -> [Document] {
        var problems: [Problem] = []
        var documents: [Document] = []
        var seen: [PoolID: String] = [:]
        for file in try files(path) {
            func note(_ body: () throws(Problems) -> Void) {
                do { try body() } catch { problems += error.all.map { $0.located(in: file) } }
            }
            note { () throws(Problems) in
                for document in try definitions(file) {
                    note { () throws(Problems) in
                        let definition = try PoolDefinition(document, digest: SHA256.hash)
                        if let first = seen.updateValue(file, forKey: definition.id) {
                            throw Problems(Problem(.conflict, "\(definition.id) is defined in \(first) too"))
                        }
                        documents.append(document)
                    }
                }
            }
        }
        if let problems = Problems(problems) { throw problems }
        return documents
    }

    private static func files(_ path: String) throws(Problems) -> [String] {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Problems(Problem(.inputInvalid, "there is no file or folder \(path)"))
        }
        guard isFolder else { return [path] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let files = names.filter { name in [".yml", ".yaml", ".json"].contains { name.hasSuffix($0) } }
        guard !files.isEmpty else {
            throw Problems(Problem(.inputInvalid, "the folder \(path) has no .yml, .yaml or .json file"))
        }
        return files.sorted().map { "\(path)/\($0)" }
    }

    /// The definitions of a file, which must have one: with `--prune`, nothing would mean to delete all.
    private static func definitions(_ file: String) throws(Problems) -> [Document] {
        var documents: [Document] = []
        do throws(Problem) {
            documents = try YAML.documents(TextFile.read(file, limit: ConfigurationPolicy.largestPoolFile))
        } catch {
            throw Problems(error)
        }
        documents.removeAll { $0.value == .null || $0["workerPools"]?.value == .null }
        guard !documents.isEmpty else { throw Problems(Problem(.inputInvalid, "has no worker pool")) }
        var definitions: [Document] = []
        for document in documents {
            guard document["workerPools"] != nil else {
                definitions.append(document)
                continue
            }
            let reader = DocumentReader(document)
            definitions += (reader.list("workerPools") ?? []).map(\.document)
            try reader.finish()
        }
        return definitions
    }
}
