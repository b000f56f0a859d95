import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterCommand

@Suite("The configuration's file")
struct ConfigurationFileTests {
    @Test("is what --config names, else MUSTER_CONFIG, else muster.yaml here if there is one")
    func order() throws {
        let folder = try TemporaryFolder()
        let here = folder.path
        func find(_ option: String?, _ environment: [String: String]) -> String? {
            ConfigurationFile.find(option: option, environment: environment, folder: here)
        }
        #expect(find("x/o.yaml", ["MUSTER_CONFIG": "e.yaml"]) == here + "/x/o.yaml")
        #expect(find(nil, ["MUSTER_CONFIG": "/e.yaml"]) == "/e.yaml")
        #expect(find(nil, ["MUSTER_CONFIG": ""]) != here + "/muster.yaml")
        try DurableFile.write([], to: here + "/muster.yaml", mode: 0o600)
        #expect(find(nil, ["MUSTER_CONFIG": ""]) == here + "/muster.yaml")
        #expect(find("o.yaml", [:]) == here + "/o.yaml")
    }

    @Test("must exist if it was named")
    func missing() throws {
        let folder = try TemporaryFolder()
        let thrown = #expect(throws: Problems.self) {
            try Configuration.load(
                option: "no.yaml", environment: ["MUSTER_LISTEN": "x"], folder: folder.path)
        }
        #expect(thrown?.all.map(\.code) == [.fileFailed, .inputInvalid])
        #expect(thrown?.all.first?.message == "cannot open \(folder.path)/no.yaml: No such file or directory")
    }

    @Test(
        "has a path that is made absolute without asking the file system",
        arguments: [
            ("a", "/f/a"), ("./a/./b", "/f/a/b"), ("/a//b/", "/a/b"), ("../a", "/f/../a"), (".", "/f"),
            ("/", "/"),
        ])
    func absolute(path: String, expected: String) {
        #expect(ConfigurationFile.absolute(path, in: "/f") == expected)
        #expect(ConfigurationFile.absolute(path, in: "/f/") == expected)
    }

    @Test("is in a folder", arguments: [("/a/b.yaml", "/a"), ("/b.yaml", "/")])
    func folder(file: String, folder: String) {
        #expect(ConfigurationFile.folder(of: file) == folder)
    }
}
