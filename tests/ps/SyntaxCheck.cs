using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;

/// <summary>
/// What Windows PowerShell 5.1 (.NET Framework 4.7) cannot parse or does not have, and commands
/// that the module does not allow itself, found on the syntax tree.
/// </summary>
public static class SyntaxCheck
{
    private static readonly string[] CoreCommands =
    {
        "Export-ModuleMember", "ForEach-Object", "Get-Command", "Get-Module", "Import-Module", "Out-Null",
        "Set-StrictMode", "Where-Object",
    };

    private static readonly string[] OtherCommands =
    {
        "ConvertFrom-Json", "Get-AzContext", "Get-AzAccessToken", "Get-AzRoleAssignment",
    };

    // Members that .NET Framework 4.7 lacks, by name alone: where the name is common, with the number of
    // arguments or a type of them.
    private static readonly HashSet<string> NewMembers = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "ArgumentList", "StandardInputEncoding", "WaitForExitAsync", "ReadLinesAsync",
        "HashData", "FromHexString", "ToHexString", "ReplaceLineEndings", "EnumerateRunes", "AsSpan", "AsMemory",
        "UnixFileMode", "SetUnixFileMode", "GetUnixFileMode", "ProcessPath", "TryPop", "TryPeek", "TryAdd", "GetValueOrDefault",
        "EnsureCapacity", "ReadExactly", "ReadAtLeast", "ReadAllTextAsync", "ReadAllBytesAsync", "WriteAllTextAsync",
        "GetRelativePath", "IsPathFullyQualified", "EndsInDirectorySeparator", "TrimEndingDirectorySeparator",
        "UnixEpoch", "DisposeAsync", "WaitAsync", "Chunk", "DistinctBy",
        "MaxBy", "MinBy", "CreateSymbolicLink", "ResolveLinkTarget", "TotalNanoseconds", "Nanosecond", "Microsecond",
        "Fill", "Shared",
    };

    // The parameters that these commands have in 5.1. DateKind of ConvertFrom-Json goes through a check of the
    // command at run time, and so do those of the commands of Az.
    private static readonly Dictionary<string, string[]> Parameters = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase)
    {
        ["Export-ModuleMember"] = new[] { "Function", "Cmdlet", "Variable", "Alias" },
        ["ForEach-Object"] = new[] { "InputObject", "Begin", "Process", "End", "RemainingScripts", "MemberName", "ArgumentList" },
        ["Get-Command"] = new[]
        {
            "Name", "Verb", "Noun", "Module", "FullyQualifiedModule", "CommandType", "TotalCount", "Syntax", "ShowCommandInfo",
            "ArgumentList", "All", "ListImported", "ParameterName", "ParameterType",
        },
        ["Get-Module"] = new[] { "Name", "FullyQualifiedName", "All", "ListAvailable", "PSEdition", "Refresh" },
        ["Import-Module"] = new[]
        {
            "Name", "FullyQualifiedName", "Assembly", "ModuleInfo", "Global", "Prefix", "Function", "Cmdlet", "Variable", "Alias",
            "Force", "PassThru", "AsCustomObject", "MinimumVersion", "MaximumVersion", "RequiredVersion", "ArgumentList",
            "DisableNameChecking", "NoClobber", "Scope",
        },
        ["Out-Null"] = new[] { "InputObject" },
        ["Set-StrictMode"] = new[] { "Off", "Version" },
        ["Where-Object"] = new[] { "InputObject", "FilterScript", "Property", "Value" },
        ["ConvertFrom-Json"] = new[] { "InputObject", "DateKind" },
    };

    private static readonly string[] CommonParameters =
    {
        "Verbose", "Debug", "ErrorAction", "WarningAction", "InformationAction", "ErrorVariable", "WarningVariable",
        "InformationVariable", "OutVariable", "OutBuffer", "PipelineVariable",
    };

    public static List<string> Check(string script, HashSet<string> own)
    {
        var problems = new List<string>();
        var ast = Parser.ParseInput(script, out var tokens, out var errors);
        void Tell(IScriptExtent at, string what) => problems.Add($"line {at.StartLineNumber}: {what}: {at.Text.Split('\n')[0]}");

        foreach (var e in errors)
            Tell(e.Extent, e.Message);
        foreach (var t in tokens)
        {
            switch (t.Kind)
            {
                case TokenKind.QuestionMark: Tell(t.Extent, "ternary"); break;
                case TokenKind.QuestionQuestion: Tell(t.Extent, "??"); break;
                case TokenKind.QuestionQuestionEquals: Tell(t.Extent, "??="); break;
                case TokenKind.QuestionDot: Tell(t.Extent, "?."); break;
                case TokenKind.QuestionLBracket: Tell(t.Extent, "?["); break;
                case TokenKind.AndAnd: Tell(t.Extent, "&&"); break;
                case TokenKind.OrOr: Tell(t.Extent, "||"); break;
                case TokenKind.Clean: Tell(t.Extent, "clean"); break;
                case TokenKind.Class: case TokenKind.Enum: Tell(t.Extent, "class"); break;
            }
            if (t is StringExpandableToken && t.Text.Contains("`u{", StringComparison.Ordinal))
                Tell(t.Extent, "`u{");
            if (t.Kind == TokenKind.Number && Regex.IsMatch(t.Text, "^0b|(?i:[0-9](u|us|s|y|uy|ul|n))$"))
                Tell(t.Extent, "number");
        }
        foreach (var node in ast.FindAll(_ => true, true))
            CheckNode(node, own, Tell);
        return problems;
    }

    private static void CheckNode(Ast node, HashSet<string> own, Action<IScriptExtent, string> tell)
    {
        switch (node)
        {
            case PipelineAst p when p.Background:
                tell(p.Extent, "background");
                break;
            case NamedBlockAst b when b.BlockKind == TokenKind.Clean:
                tell(b.Extent, "clean");
                break;
            case VariableExpressionAst v when Regex.IsMatch(v.VariablePath.UserPath, "^Is(Windows|Linux|MacOS|CoreCLR)$", RegexOptions.IgnoreCase):
                tell(v.Extent, "$" + v.VariablePath.UserPath);
                break;
            case TypeExpressionAst t:
                CheckType(t.TypeName.FullName, t.Extent, tell);
                break;
            case TypeConstraintAst t:
                CheckType(t.TypeName.FullName, t.Extent, tell);
                break;
            case CommandAst c:
                CheckCommand(c, own, tell);
                break;
            // A Turkish session matches no I with an i, a Thai one passes over punctuation, and years are
            // counted from elsewhere: what is the service's is compared and written the same everywhere.
            case SwitchStatementAst w when (w.Flags & SwitchFlags.Regex) != 0:
                tell(w.Extent, "depends on the culture: switch -Regex");
                break;
            case BinaryExpressionAst b when b.Operator == TokenKind.Imatch || b.Operator == TokenKind.Inotmatch || b.Operator == TokenKind.Ireplace:
                var pattern = (b.Right is ArrayLiteralAst list ? list.Elements[0] : b.Right) as StringConstantExpressionAst;
                if (pattern == null || Regex.IsMatch(Regex.Replace(pattern.Value, @"\\.", ""), "[iI]"))
                    tell(b.Extent, "depends on the culture: -match of an i");
                break;
            case StringConstantExpressionAst c when c.Value.Contains("IgnoreCase", StringComparison.Ordinal) && !c.Value.Contains("OrdinalIgnoreCase", StringComparison.Ordinal) &&
                !c.Value.Contains("CultureInvariant", StringComparison.Ordinal):
                tell(c.Extent, "depends on the culture: IgnoreCase");
                break;
            case InvokeMemberExpressionAst m when m.Member is StringConstantExpressionAst name:
                CheckCall(m, name.Value, tell);
                break;
            case MemberExpressionAst m when m.Member is StringConstantExpressionAst name && NewMembers.Contains(name.Value):
                tell(m.Extent, name.Value);
                break;
        }
    }

    private static void CheckType(string name, IScriptExtent at, Action<IScriptExtent, string> tell)
    {
        if (Regex.IsMatch(name, @"OperatingSystem|System\.Text\.Json|System\.Range|System\.Index|Span`|Memory`|Runtime\.Loader|SemanticVersion|ValueTask|System\.HashCode"))
            tell(at, name);
    }

    private static void CheckCommand(CommandAst c, HashSet<string> own, Action<IScriptExtent, string> tell)
    {
        var name = c.GetCommandName();
        if (name == null)
        {
            // A script block in a variable or a file of the module itself is no command by name.
            var first = c.CommandElements[0];
            var allowed = (first is VariableExpressionAst v && (v.VariablePath.UserPath == "read" || v.VariablePath.UserPath == "script:File")) ||
                (c.InvocationOperator == TokenKind.Dot && first is ParenExpressionAst);
            if (!allowed)
                tell(c.Extent, "computed command");
            return;
        }
        // Named with their module they are safe from commands of the same name in the session.
        if (name is "Microsoft.PowerShell.Utility\\ConvertTo-Json" or "Microsoft.PowerShell.Utility\\Update-TypeData")
            return;
        if (!own.Contains(name) && !CoreCommands.Contains(name) && !OtherCommands.Contains(name))
            tell(c.Extent, "command that the module does not allow itself: " + name);
        foreach (var p in c.CommandElements.OfType<CommandParameterAst>())
        {
            if (!own.Contains(name) && Parameters.TryGetValue(name, out var known) &&
                !known.Concat(CommonParameters).Contains(p.ParameterName, StringComparer.OrdinalIgnoreCase))
                tell(p.Extent, "-" + p.ParameterName);
        }
    }

    private static void CheckCall(InvokeMemberExpressionAst m, string name, Action<IScriptExtent, string> tell)
    {
        var arguments = m.Arguments == null ? Array.Empty<ExpressionAst>() : m.Arguments.ToArray();
        bool IsChar(int i) => arguments.Length > i && Regex.IsMatch(arguments[i].Extent.Text, @"^\[(System\.)?char\]", RegexOptions.IgnoreCase);
        // A script block as a handler of a .NET event runs on another thread and ends the process.
        if (name.StartsWith("add_", StringComparison.OrdinalIgnoreCase) || NewMembers.Contains(name))
        {
            tell(m.Extent, name);
            return;
        }
        var bad = false;
        bool IsText(int i) => arguments.Length > i && (arguments[i] is StringConstantExpressionAst || arguments[i] is ExpandableStringExpressionAst || arguments[i] is BinaryExpressionAst);
        var ordinal = arguments.Any(a => a.Extent.Text.Contains("ordinal", StringComparison.OrdinalIgnoreCase));
        switch (name.ToLowerInvariant())
        {
            case "indexof": case "lastindexof": case "startswith": case "endswith":
                if (IsText(0) && !ordinal && !m.Static)
                    tell(m.Extent, "depends on the culture: " + name);
                break;
            case "toupper": case "tolower":
                if (arguments.Length == 0)
                    tell(m.Extent, "depends on the culture: " + name);
                break;
            case "tostring":
                if (arguments.Length == 1 && arguments[0] is StringConstantExpressionAst format && Regex.IsMatch(format.Value, "yy|0|#"))
                    tell(m.Extent, "depends on the culture: " + name);
                break;
        }
        switch (name.ToLowerInvariant())
        {
            case "invokescript": case "newscriptblock": bad = true; break;
            case "create": bad = m.Static && Regex.IsMatch(m.Expression.Extent.Text, "scriptblock|powershell", RegexOptions.IgnoreCase); break;
            case "kill": bad = arguments.Length > 0; break;
            case "contains": bad = arguments.Length > 1 || IsChar(0); break;
            case "startswith": case "endswith": bad = IsChar(0); break;
            // (string, count) has no such overload there: it would be read as characters.
            case "split": bad = arguments.Length > 1 && arguments[0] is StringConstantExpressionAst; break;
            case "replace": bad = arguments.Length > 2 && !(m.Static); break;
            case "indexof": bad = IsChar(0) && arguments.Length > 1 && arguments[1].Extent.Text.Contains("StringComparison", StringComparison.OrdinalIgnoreCase); break;
            case "join": bad = m.Static && m.Expression.Extent.Text.Contains("Path", StringComparison.Ordinal); break;
            case "move": bad = arguments.Length > 2; break;
            case "remove": bad = arguments.Length > 1 && arguments[1].Extent.Text.Contains("[ref]", StringComparison.OrdinalIgnoreCase); break;
            case "wait": bad = arguments.Length > 2; break;
        }
        if (bad)
            tell(m.Extent, name);
    }
}
