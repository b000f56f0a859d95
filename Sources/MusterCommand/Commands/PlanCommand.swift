import MusterAPI
import MusterCore

extension Command {
    /// `muster plan`: why this many, and why there.
    static let plan = Command(
        "plan", "explain what was last decided for a worker pool: why this many, and why there",
        discussion: """
            Shows the plan of the last pass: what was wanted and why, what each launch config weighed, which \
            were left out and until when, and what was launched or retired. A plan is written down when it \
            launches or retires, when its reasons change, and otherwise once a minute.
            """,
        operands: [Operand("POOL", "the worker pool, owner/name")],
        options: [
            .flag("fresh", "decide now, and show it without doing it"),
            .value("history", "N", "list the last N different plans instead"),
        ],
        examples: [
            Example("muster plan demo/build", "why there are so many workers, or none"),
            Example("muster plan demo/build --fresh", "what a pass would decide now"),
            Example("muster plan demo/build --history 20", "how that has changed lately"),
        ]
    ) { arguments in
        let setup = try Setup(arguments)
        let pool = try arguments.pool()
        let history = try arguments.integer("history", 1...ClientPolicy.longestListing)
        if arguments.flag("fresh") {
            guard history == nil else { throw Problem(.usage, "--fresh and --history exclude each other") }
            let plan = try await ServiceClient.with(setup) {
                try await $0.get(APIPath.plan(pool), PlanDocument.self)
            }
            try setup.answer(plan) { try PlanExplanation(plan, at: setup.now).print(to: setup.output) }
            return .done
        }
        let answer = try await ServiceClient.with(setup) {
            try await $0.list(APIPath.plans(pool), [], limit: history ?? 1, PlansAnswer.self)
        }
        if history != nil {
            try setup.list(answer) { PlanExplanation.history($0.plans, at: setup.now) }
            return .done
        }
        guard let last = answer.plans.first else {
            throw Problem(
                .unavailable,
                "no pass over \(pool) has written a plan yet; muster plan \(pool) --fresh decides now")
        }
        let worker = try await ServiceClient.with(setup) {
            try await $0.get(APIPath.pool(pool), PoolDocument.self).worker
        }
        try setup.answer(last) {
            try PlanExplanation(last, at: setup.now).print(to: setup.output)
            try setup.output.print([StyledText(""), StyledText(worker)])
        }
        return .done
    }
}
