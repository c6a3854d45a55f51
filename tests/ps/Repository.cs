using System;
using System.IO;

namespace AzDirectoryActivityLog.Tests
{
    /// <summary>Where things are.</summary>
    internal static class Repository
    {
        public static readonly string Root = FindRoot();
        public static string Module => Path.Combine(Root, "ps", "AzDirectoryActivityLog");
        public static string Manifest => Path.Combine(Module, "AzDirectoryActivityLog.psd1");
        public static string Cases => Path.Combine(Root, "tests", "ps", "cases");
        public static string RunCases => Path.Combine(Root, "tests", "ps", "run-cases.ps1");
        public static string Library => Path.Combine(Root, "tests", "ps", "lib.ps1");

        private static string FindRoot()
        {
            for (var d = new DirectoryInfo(AppContext.BaseDirectory); d != null; d = d.Parent)
            {
                if (File.Exists(Path.Combine(d.FullName, "ps", "AzDirectoryActivityLog", "AzDirectoryActivityLog.psd1")))
                    return d.FullName;
            }
            throw new InvalidOperationException("the repository is not above " + AppContext.BaseDirectory);
        }
    }
}
