using System.Collections.Generic;
using System.Text;

/// <summary>
/// The rules that Microsoft documents for CommandLineToArgvW and the C run-time ("Parsing C command-line
/// arguments"), followed word by word.
/// </summary>
public static class CommandLine
{
    /// <summary>Splits a command line as the C run-time does (no program name rules).</summary>
    public static List<string> Split(string line)
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
