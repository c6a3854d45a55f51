using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;

/// <summary>
/// Every .NET type and member that the module names is in the reference assemblies of .NET Framework
/// 4.7.2, which Windows 10 1809 has, in those of them that powershell.exe 5.1 loads by itself. What a
/// member is called on is known where the type is written; elsewhere some type has to have a method of
/// that name with so many arguments. Types of PowerShell itself are looked up in the engine at hand.
/// The assemblies are read from a folder without being loaded.
/// </summary>
public sealed class FrameworkCheck : IDisposable
{
    // What powershell.exe 5.1 has loaded before the first line of a script.
    private static readonly string[] Loaded =
    {
        "mscorlib", "System", "System.Core", "System.Xml", "System.Numerics", "System.Data", "System.Configuration",
        "System.Management", "System.DirectoryServices", "System.Transactions",
    };

    // Methods that PowerShell itself gives to all objects.
    private static readonly string[] Intrinsic = { "Where", "ForEach" };

    private readonly MetadataLoadContext context;
    private readonly Dictionary<string, Type> types = new Dictionary<string, Type>(StringComparer.Ordinal);
    private readonly ILookup<string, MethodInfo> methods;

    public FrameworkCheck(string folder)
    {
        context = new MetadataLoadContext(
            new PathAssemblyResolver(Directory.GetFiles(folder, "*.dll", SearchOption.AllDirectories)), "mscorlib");
        foreach (var type in Loaded.SelectMany(name => context.LoadFromAssemblyName(name).GetExportedTypes()))
            types[type.FullName] = type;
        methods = types.Values.SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance))
            .Concat(typeof(PSObject).Assembly.GetExportedTypes()
                .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance)))
            .ToLookup(m => m.Name, StringComparer.OrdinalIgnoreCase);
    }

    public void Dispose() => context.Dispose();

    public List<string> Check(string script)
    {
        var problems = new List<string>();
        foreach (var node in Parser.ParseInput(script, out _, out _).FindAll(_ => true, true))
        {
            var what = Problem(node);
            if (what != null)
                problems.Add($"line {node.Extent.StartLineNumber}: {what}: {node.Extent.Text.Split('\n')[0]}");
        }
        return problems;
    }

    private string Problem(Ast node)
    {
        switch (node)
        {
            case TypeExpressionAst t:
                return Missing(t.TypeName);
            case TypeConstraintAst t:
                return Missing(t.TypeName);
            case InvokeMemberExpressionAst m when m.Member is StringConstantExpressionAst name:
                return m.Static ? StaticCall(m, name.Value) : InstanceCall(m, name.Value);
            case MemberExpressionAst m when m.Static && m.Member is StringConstantExpressionAst name:
                return StaticValue(m, name.Value);
            default:
                return null;
        }
    }

    // A type that is not there, or null.
    private string Missing(ITypeName name)
    {
        switch (name)
        {
            case ArrayTypeName a:
                return Missing(a.ElementType);
            case GenericTypeName g:
                return g.GenericArguments.Select(Missing).FirstOrDefault(p => p != null) ?? MissingPlain(g);
            default:
                return MissingPlain(name);
        }
    }

    private string MissingPlain(ITypeName name)
    {
        // Words of the language rather than types.
        if (name.FullName == "ordered" || name.FullName == "ref")
            return null;
        var type = name.GetReflectionType();
        if (type == null)
            return "no type is called " + name.FullName;
        if (type.IsGenericType)
            type = type.GetGenericTypeDefinition();
        return type.Assembly == typeof(PSObject).Assembly || types.ContainsKey(type.FullName)
            ? null
            : "Windows PowerShell does not have the type " + type.FullName;
    }

    // The type that a static member belongs to: ours to look into, or null.
    private Type Owner(ExpressionAst expression)
    {
        var type = (expression as TypeExpressionAst)?.TypeName.GetReflectionType();
        if (type == null)
            return null;
        if (type.IsGenericType)
            type = type.GetGenericTypeDefinition();
        return types.TryGetValue(type.FullName ?? "", out var found) ? found : null;
    }

    private string StaticCall(InvokeMemberExpressionAst m, string name)
    {
        var count = m.Arguments?.Count ?? 0;
        var owner = Owner(m.Expression);
        if (owner == null)
            return null;
        var there = name.Equals("new", StringComparison.OrdinalIgnoreCase)
            ? (count == 0 && owner.IsValueType) || owner.GetConstructors().Any(c => Takes(c, count))
            : owner.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy)
                .Any(x => x.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && Takes(x, count));
        return there ? null : $"{owner.FullName} has no {name} with {count} arguments";
    }

    private string StaticValue(MemberExpressionAst m, string name)
    {
        var owner = Owner(m.Expression);
        return owner == null || owner.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy)
            .Any(x => x.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ? null
            : $"{owner.FullName} has no {name}";
    }

    private string InstanceCall(InvokeMemberExpressionAst m, string name)
    {
        var count = m.Arguments?.Count ?? 0;
        return Intrinsic.Contains(name) || methods[name].Any(x => Takes(x, count))
            ? null
            : $"nothing has a method {name} with {count} arguments";
    }

    private static bool Takes(MethodBase method, int count)
    {
        var parameters = method.GetParameters();
        var open = parameters.Length > 0 &&
            parameters[^1].GetCustomAttributesData().Any(a => a.AttributeType.Name == nameof(ParamArrayAttribute));
        var needed = parameters.Count(p => !p.IsOptional) - (open ? 1 : 0);
        return count >= needed && (open || count <= parameters.Length);
    }
}
