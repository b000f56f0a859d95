import MusterCore
import MusterStore

extension Command {
    /// `muster migrate`: bring the database's schema up to date.
    static let migrate = Command(
        "migrate", "bring the schema of the database up to date, or see whether it is",
        discussion: """
            muster serve and muster run do the same when they start. By hand it is for an upgrade that is to be \
            made before any service of the new version starts, or by a user that may change the schema.
            """,
        options: [.flag("check", "change nothing; an error when something is missing")],
        examples: [
            Example("muster migrate", "applies what is missing, each step whole or not at all"),
            Example("muster migrate --check", "in a script, before an upgrade"),
        ]
    ) { arguments in
        let setup = try Setup(arguments)
        let isCheck = arguments.flag("check")
        if isCheck { try setup.requireDatabase() }
        let opened = try await OpenStore.open(
            setup.configuration, access: isCheck ? .readOnly : .readWrite, environment: setup.environment,
            waiting: .zero)
        let state: SchemaState
        do {
            state = try await opened.store.read { try await $0.schemaState() }
        } catch {
            await opened.store.close()
            throw error
        }
        await opened.store.close()
        try setup.answer(["applied": state.applied]) {
            try setup.output.print("the schema is up to date: \(state.applied.joined(separator: ", "))")
        }
        return .done
    }
}
