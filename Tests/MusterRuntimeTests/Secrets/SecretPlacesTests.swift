import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@Suite("Credentials by name")
struct SecretPlacesTests {
    @Test("are read from files without their line's end, anew each time, and from the environment")
    func reading() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/token"
        try DurableFile.write(Array("first\n".utf8), to: path, mode: 0o600)
        let secrets = SecretPlaces(
            ["file": .file(path), "variable": .variable("TOKEN")],
            environment: ["TOKEN": "of the environment"])
        #expect(try secrets.read("file").reveal() == "first")
        try DurableFile.write(Array("second\r\n".utf8), to: path, mode: 0o600)
        #expect(try secrets.read("file").reveal() == "second")
        #expect(try secrets.read("variable").reveal() == "of the environment")
        #expect(secrets.has("file") && !secrets.has("other"))
    }

    @Test("that are not where they should be are an error that names them")
    func missing() throws {
        let secrets = SecretPlaces(["file": .file("/none/token"), "variable": .variable("TOKEN")])
        func code(_ name: String) -> ProblemCode? {
            do throws(Problem) {
                _ = try secrets.read(name)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(code("file") == .fileFailed)
        #expect(code("variable") == .unavailable)
        #expect(code("other") == .inputInvalid)
    }
}
