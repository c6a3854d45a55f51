using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Text;
using System.Text.Json;
using Xunit;

namespace AzDirectoryActivityLog.Tests
{
    /// <summary>
    /// The quoting function against the rules that Microsoft documents for CommandLineToArgvW and the C
    /// run-time ("Parsing C command-line arguments"), which the parser here follows word by word.
    /// </summary>
    public sealed class QuotingTests : IClassFixture<QuotingTests.Shared>
    {
        private readonly Shared shared;

        public QuotingTests(Shared shared)
        {
            this.shared = shared;
        }

        public sealed class Shared : IDisposable
        {
            public readonly Engine Engine = new Engine();
            public void Dispose() => Engine.Dispose();

            public string Quote(params string[] words) =>
                (string)Engine.Run(
                    "param($words) & (Get-Module AzDirectoryActivityLog) { param($w) ConvertTo-ArgumentText -Argument $w } $words",
                    new object[] { words })[0].BaseObject;
        }

        // The table of the documentation: command line, arguments.
        [Theory]
        [InlineData("\"a b c\" d e", new[] { "a b c", "d", "e" })]
        [InlineData("\"ab\\\"c\" \"\\\\\" d", new[] { "ab\"c", "\\", "d" })]
        [InlineData("a\\\\\\b d\"e f\"g h", new[] { "a\\\\\\b", "de fg", "h" })]
        [InlineData("a\\\\\\\"b c d", new[] { "a\\\"b", "c", "d" })]
        [InlineData("a\\\\\\\\\"b c\" d e", new[] { "a\\\\b c", "d", "e" })]
        [InlineData("a\"b\"\" c d", new[] { "ab\" c d" })]
        public void The_parser_of_this_test_follows_the_documentation(string line, string[] words)
        {
            Assert.Equal(words, Parse(line));
        }

        [Theory]
        [InlineData("plain", "plain")]
        [InlineData("", "\"\"")]
        [InlineData("a b", "\"a b\"")]
        [InlineData("tab\there", "\"tab\there\"")]
        [InlineData("line\nbreak", "\"line\nbreak\"")]
        [InlineData("say \"hi\"", "\"say \\\"hi\\\"\"")]
        [InlineData("C:\\Program Files\\x\\", "\"C:\\Program Files\\x\\\\\"")]
        [InlineData("C:\\x\\", "C:\\x\\")]
        [InlineData("\\\\server\\share", "\\\\server\\share")]
        [InlineData("a\\\"b", "\"a\\\\\\\"b\"")]
        [InlineData("\\", "\\")]
        [InlineData("\\\\ ", "\"\\\\ \"")]
        [InlineData("' ; & | > $(x) `y` %PATH%", "\"' ; & | > $(x) `y` %PATH%\"")]
        public void One_word_is_quoted_as_little_as_needed(string word, string line)
        {
            Assert.Equal(line, shared.Quote(word));
            Assert.Equal(new[] { word }, Parse("x " + line).Skip(1));
        }

        [Fact]
        public void Any_words_come_back_as_they_were()
        {
            var random = new Random(20261122);
            var letters = "a\\\\\\\"\" \t\n'$`%^&|<>,;=-/*?\u00e9\u4e2d".ToCharArray();
            for (var round = 0; round < 300; round++)
            {
                var words = Enumerable.Range(0, random.Next(1, 6))
                    .Select(_ => new string(Enumerable.Range(0, random.Next(0, 9)).Select(__ => letters[random.Next(letters.Length)]).ToArray()))
                    .ToArray();
                var line = shared.Quote(words);
                Assert.Equal(words, Parse("x " + line).Skip(1));
            }
        }

        /// <summary>tests/windows proves with a program of Windows that these lines give these words.</summary>
        [Fact]
        public void The_table_for_Windows_holds_what_the_module_makes()
        {
            var rows = File.ReadAllLines(Path.Combine(Repository.Root, "tests", "ps", "fixtures", "quoting.jsonl"));
            Assert.NotEmpty(rows);
            foreach (var row in rows)
            {
                using (var json = JsonDocument.Parse(row))
                {
                    var words = json.RootElement.GetProperty("words").EnumerateArray().Select(w => w.GetString()).ToArray();
                    Assert.Equal(json.RootElement.GetProperty("line").GetString(), shared.Quote(words));
                }
            }
        }

        [Fact]
        public void A_null_character_is_refused()
        {
            Assert.ThrowsAny<RuntimeException>(() => shared.Quote("a\0b"));
        }

        /// <summary>Splits a command line as the C run-time does (no program name rules).</summary>
        private static List<string> Parse(string line)
        {
            var words = new List<string>();
            var i = 0;
            while (true)
            {
                while (i < line.Length && (line[i] == ' ' || line[i] == '\t' || line[i] == '\n' || line[i] == '\v'))
                    i++;
                if (i == line.Length)
                    return words;
                var word = new StringBuilder();
                var quoted = false;
                while (i < line.Length && (quoted || !(line[i] == ' ' || line[i] == '\t' || line[i] == '\n' || line[i] == '\v')))
                {
                    var run = 0;
                    while (i < line.Length && line[i] == '\\')
                    {
                        run++;
                        i++;
                    }
                    if (i < line.Length && line[i] == '"')
                    {
                        word.Append('\\', run / 2);
                        if (run % 2 == 1)
                        {
                            word.Append('"');
                        }
                        else if (quoted && i + 1 < line.Length && line[i + 1] == '"')
                        {
                            word.Append('"');
                            i++;
                        }
                        else
                        {
                            quoted = !quoted;
                        }
                        i++;
                    }
                    else
                    {
                        word.Append('\\', run);
                        if (run == 0)
                            word.Append(line[i++]);
                    }
                }
                words.Add(word.ToString());
            }
        }
    }
}
