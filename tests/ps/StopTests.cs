using System;
using System.Diagnostics;
using System.IO;
using System.Management.Automation;
using System.Threading;
using Xunit;

namespace AzDirectoryActivityLog.Tests
{
    /// <summary>What Ctrl+C does: the pipeline is stopped from another thread.</summary>
    public sealed class StopTests : IDisposable
    {
        private readonly string folder = Path.Combine(Path.GetTempPath(), "azdal-stop-" + Guid.NewGuid().ToString("N"));

        public StopTests()
        {
            Directory.CreateDirectory(folder);
        }

        public void Dispose() => Directory.Delete(folder, true);

        [Fact]
        public void A_stopped_export_lets_the_child_save_its_state()
        {
            var fake = Program("echo $$ >\"$0.pid\"; read -r line; echo \"$line\" >\"$0.line\"; cat >>\"$0.line\"; echo saved >\"$0.saved\"; exit 130");
            Stop(fake, "Export-AzDirectoryActivityLog -Path $args[1] -AccessToken t -AzdalPath $args[0]");
            Assert.Equal("cancel\n", File.ReadAllText(fake + ".line"));
            Assert.True(File.Exists(fake + ".saved"));
        }

        [Fact]
        public void A_child_that_does_not_listen_is_killed()
        {
            var fake = Program("trap '' TERM INT; echo $$ >\"$0.pid\"; exec sleep 600");
            var clock = Stopwatch.StartNew();
            Stop(fake, "Export-AzDirectoryActivityLog -Path $args[1] -AccessToken t -AzdalPath $args[0]");
            Assert.True(clock.Elapsed > TimeSpan.FromSeconds(2.5), "it gets three seconds, got " + clock.Elapsed);
        }

        [Theory]
        [InlineData("Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $args[0]")]
        [InlineData("Import-AzDirectoryActivityLog x -AzdalPath $args[0]")]
        [InlineData("Find-AzPrivilegedOperation x -AzdalPath $args[0]")]
        [InlineData("Test-AzDirectoryActivityLog x -AzdalPath $args[0]")]
        public void A_stopped_reader_ends_its_child(string command)
        {
            Stop(Program("echo $$ >\"$0.pid\"; exec sleep 600"), command);
        }

        [Fact]
        public void A_child_left_behind_by_a_stopped_pipeline_is_ended_by_the_next_call()
        {
            var fake = Program("echo $$ >\"$0.pid\"; exec cat >/dev/null");
            using (var engine = new Engine())
            {
                // Stopped while upstream has the word, so that nothing of Find runs any more.
                var id = StopIn(engine, fake, "& { [pscustomobject]@{ Raw = '{\"x\":1}' }; while ($true) { [System.Threading.Thread]::Sleep(10) } } | Find-AzPrivilegedOperation -AzdalPath $args[0]");
                var other = Program("exit 0", "other");
                engine.Run("Find-AzPrivilegedOperation x -AzdalPath $args[0]", other);
                WaitFor(() => !Alive(id), "the child is gone");
            }
        }

        [Fact]
        public void Two_runspaces_use_the_module_at_the_same_time()
        {
            var fake = Program("i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo '{\"rule\":\"r\"}'; done");
            var counts = new int[2];
            var threads = new Thread[2];
            for (var n = 0; n < 2; n++)
            {
                var me = n;
                threads[n] = new Thread(() =>
                {
                    using (var engine = new Engine())
                    {
                        for (var round = 0; round < 3; round++)
                            counts[me] += engine.Run("Find-AzPrivilegedOperation x -AzdalPath $args[0]", fake).Count;
                    }
                });
                threads[n].Start();
            }
            foreach (var t in threads)
                t.Join();
            Assert.Equal(new[] { 900, 900 }, counts);
        }

        private void Stop(string fake, string script)
        {
            using (var engine = new Engine())
            {
                var id = StopIn(engine, fake, script);
                WaitFor(() => !Alive(id), "the child is gone");
            }
        }

        private int StopIn(Engine engine, string fake, string script)
        {
            using (var ps = PowerShell.Create(engine.Runspace))
            {
                ps.AddScript(script).AddArgument(fake).AddArgument(Path.Combine(folder, "out"));
                var running = ps.BeginInvoke();
                var id = 0;
                WaitFor(() => File.Exists(fake + ".pid") && int.TryParse(File.ReadAllText(fake + ".pid"), out id), "the child started");
                ps.Stop();
                Assert.True(running.AsyncWaitHandle.WaitOne(20000), "the pipeline stopped");
                return id;
            }
        }

        private string Program(string text, string name = "fake")
        {
            var path = Path.Combine(folder, name);
            File.WriteAllText(path, "#!/bin/sh\nif [ \"$1\" = --version ]; then echo 'azdal 0.1.0'; exit 0; fi\n" + text + "\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return path;
        }

        private static bool Alive(int id)
        {
            try
            {
                var stat = File.ReadAllText($"/proc/{id}/stat");
                var state = stat[stat.LastIndexOf(')') + 2];
                return state != 'Z' && state != 'X';
            }
            catch (IOException)
            {
                return false;
            }
        }

        private static void WaitFor(Func<bool> condition, string what)
        {
            var clock = Stopwatch.StartNew();
            while (!condition())
            {
                Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), "waited in vain for: " + what);
                Thread.Sleep(5);
            }
        }
    }
}
