import MusterRuntime
import MusterTesting
import Testing

@testable import MusterCommand

extension OperatorSuites {
    @Suite("docs/reference/command.md")
    struct CommandPageTests {
        @Test("says what the commands' table says")
        func page() async throws {
            let page = try ReferencePage("command.md").text
            #expect(
                page == MarkdownReference([.root]).text,
                """
                the commands have changed: run
                    .build/debug/muster help --markdown > docs/reference/command.md
                """)
        }

        @Test("is written by muster help --markdown, of one command or of all")
        func written() async throws {
            let folder = try TemporaryFolder()
            let all = try await MusterProgram.run(["help", "--markdown"], in: folder.path)
            #expect(all.status == .code(0) && all.output == MarkdownReference([.root]).text)
            let pool = try await MusterProgram.run(["help", "pool", "--markdown"], in: folder.path)
            #expect(pool.output.hasPrefix("# muster pool\n"))
            #expect(pool.output.contains("## `muster pool list`") && !pool.output.contains("muster apply"))
        }

        @Test("has a section for each command, with every option and operand in it")
        func sections() {
            let sections = MarkdownReference([.root]).text.split(separator: "\n## ").dropFirst()
            #expect(sections.count == HelpTests.commands.count)
            for (path, section) in zip(HelpTests.commands, sections) {
                #expect(section.hasPrefix("`\(path.map(\.name).joined(separator: " "))`"))
                for option in path.last?.options ?? [] { #expect(section.contains("--\(option.name)")) }
                for operand in path.last?.operands ?? [] { #expect(section.contains("| `\(operand.name)`")) }
            }
        }
    }
}
