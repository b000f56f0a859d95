import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterCommand

@Suite("The database that the configuration names")
struct DatabaseSettingsTests {
    private func load(_ yaml: String, _ environment: [String: String] = [:]) throws -> Configuration {
        let folder = try TemporaryFolder()
        try DurableFile.write(Array(yaml.utf8), to: folder.path + "/muster.yaml", mode: 0o600)
        return try Configuration.load(option: nil, environment: environment, folder: folder.path)
    }

    @Test("is PostgreSQL where the file or the environment says so, and the environment wins")
    func named() throws {
        let file = "database: {url: 'postgresql://muster@db.example/one'}"
        let one = DatabaseSettings.postgres(
            PostgresSettings(url: "postgresql://muster@db.example/one", password: nil))
        #expect(try load(file).database == one)
        let variables = ["MUSTER_DATABASE": "host=db.example dbname=two"]
        let two = DatabaseSettings.postgres(
            PostgresSettings(url: "host=db.example dbname=two", password: nil))
        #expect(try load(file, variables).database == two)
        #expect(try load("", variables).database == two)
        #expect(try load("", ["MUSTER_DATABASE": ""]).database == .file)
    }

    @Test("has its password from a secret, which is read when it is used")
    func password() throws {
        let configuration = try load(
            """
            database: {url: 'postgresql://muster@db.example/one', password: db}
            secrets: {db: {environment: DATABASE_PASSWORD}}
            """)
        guard case .postgres(let settings) = configuration.database else {
            Issue.record("PostgreSQL is not what was read")
            return
        }
        let places = configuration.sources.secrets
        let address = try settings.address(
            SecretPlaces(places, environment: ["DATABASE_PASSWORD": "hunter2"]))
        #expect(!"\(address)".contains("hunter2"))
        #expect(throws: Problem.self) { try settings.address(SecretPlaces(places, environment: [:])) }
    }

    @Test(
        "refuses what cannot be meant, and repeats nothing of a string that may hold a password",
        arguments: [
            ("database: {url: 'postgresql://muster:hunter2@[db/one'}", "database.url"),
            ("database: {url: 'hunter2'}", "database.url"),
            ("database: {password: db}\nsecrets: {db: {environment: X}}", "database.url"),
            ("database: {url: 'dbname=one', password: other}", "database.password"),
            ("database: {uri: 'dbname=one'}", "database.uri"),
        ])
    func refused(yaml: String, field: String) throws {
        let thrown = #expect(throws: Problems.self) { try load(yaml) }
        let problems = try #require(thrown).all
        #expect(problems.contains { $0.field == field }, "\(problems)")
        #expect(!"\(problems)".contains("hunter2"))
    }

    @Test("shows nothing of a connection string, whoever prints the configuration")
    func shown() throws {
        let configuration = try load("", ["MUSTER_DATABASE": "postgresql://muster:hunter2@db/one"])
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!dumped.contains("hunter2") && !"\(configuration)".contains("hunter2"))
    }
}
