import Testing

@testable import MusterBench

@Suite("A schema of a PostgreSQL database")
struct PostgresSchemaPlaceTests {
    @Test(
        "is found by a connection string of whatever form",
        arguments: [
            ("postgresql://me@db:5432/x", "postgresql://me@db:5432/x?options=-csearch_path%3Db1"),
            ("postgres://db/x?sslmode=require", "postgres://db/x?sslmode=require&options=-csearch_path%3Db1"),
            ("host=db dbname=x", "host=db dbname=x options=-csearch_path=b1"),
        ])
    func address(database: String, address: String) {
        #expect(PostgresSchemaPlace(database: database, name: "b1").address == address)
    }
}
