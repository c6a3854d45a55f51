using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Management.Automation.Language;
using System.Threading.Tasks;
using Xunit;

namespace AzDirectoryActivityLog.Tests
{
    /// <summary>
    /// The scripts in cases/: each `Test 'name' { ... }` of them is one test here, in a runspace of its
    /// own. Where pwsh is on the PATH, each file runs in it as well, with the real commands.
    /// </summary>
    public sealed class CaseTests
    {
        public static IEnumerable<object[]> All()
        {
            foreach (var file in Files())
            {
                var ast = Parser.ParseFile(file, out _, out var errors);
                if (errors.Length > 0)
                    throw new InvalidOperationException(file + ": " + errors[0]);
                foreach (var node in ast.FindAll(a => a is CommandAst c && c.GetCommandName() == "Test", false))
                {
                    var name = ((CommandAst)node).CommandElements[1] as StringConstantExpressionAst;
                    yield return new object[] { Path.GetFileName(file), name.Value };
                }
            }
        }

        public static IEnumerable<object[]> FileNames() => Files().Select(f => new object[] { Path.GetFileName(f) });

        private static IEnumerable<string> Files() =>
            Directory.GetFiles(Repository.Cases, "*.ps1").OrderBy(f => f, StringComparer.Ordinal);

        [Theory]
        [MemberData(nameof(All))]
        public void Engine(string file, string name)
        {
            using (var engine = new Engine(import: false))
            {
                engine.Run(
                    "param($library, $case, $only, $root, $testHost) $global:TestHost = $testHost; . $library -Root $root -Only $only; . $case; Complete-Test",
                    Repository.Library, Path.Combine(Repository.Cases, file), name, Repository.Root, engine.Host);
            }
        }

        [Theory]
        [MemberData(nameof(FileNames))]
        public async Task Pwsh(string file)
        {
            var pwsh = FindOnPath("pwsh");
            if (pwsh == null)
            {
                Console.WriteLine("skipped: pwsh is not on the PATH: " + file);
                return;
            }
            var start = new ProcessStartInfo(pwsh) { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var a in new[] { "-NoProfile", "-NonInteractive", "-File", Repository.RunCases, Path.Combine(Repository.Cases, file) })
                start.ArgumentList.Add(a);
            using (var process = Process.Start(start))
            {
                var error = process.StandardError.ReadToEndAsync();
                var output = await process.StandardOutput.ReadToEndAsync();
                await process.WaitForExitAsync();
                Assert.True(process.ExitCode == 0, output + await error);
            }
        }

        internal static string FindOnPath(string name)
        {
            foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            {
                foreach (var ending in new[] { "", ".exe" })
                {
                    if (folder.Length > 0 && File.Exists(Path.Combine(folder, name + ending)))
                        return Path.Combine(folder, name + ending);
                }
            }
            return null;
        }
    }
}
