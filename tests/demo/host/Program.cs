using System;
using System.IO;
using System.Linq;
using AzDirectoryActivityLog.Tests;

namespace AzDirectoryActivityLog.Demo
{
    /// <summary>Runs a script file with arguments in the PowerShell engine and prints what it returns.</summary>
    internal static class Program
    {
        private static int Main(string[] args)
        {
            using (var engine = new Engine(import: false))
            {
                try
                {
                    foreach (var line in engine.Run(File.ReadAllText(args[0]), args.Skip(1).ToArray<object>()))
                        Console.WriteLine(line);
                    return 0;
                }
                catch (Exception e)
                {
                    Console.Error.WriteLine(e.Message);
                    return 1;
                }
            }
        }
    }
}
