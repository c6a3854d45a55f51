using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Security;
using System.Text;

namespace AzDirectoryActivityLog.Tests
{
    /// <summary>A host without a person: keeps what is written to it.</summary>
    public sealed class RecordingHost : PSHost
    {
        private readonly RecordingUI ui = new RecordingUI();

        public StringBuilder Text => ui.Text;
        public List<ProgressRecord> Progress => ui.Progress;
        public override Guid InstanceId { get; } = Guid.NewGuid();
        public override string Name => "Recording";
        public override Version Version { get; } = new Version(1, 0);
        public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;
        public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;
        public override PSHostUserInterface UI => ui;
        public override void EnterNestedPrompt() => throw new NotSupportedException();
        public override void ExitNestedPrompt() => throw new NotSupportedException();
        public override void NotifyBeginApplication() { }
        public override void NotifyEndApplication() { }
        public override void SetShouldExit(int exitCode) { }

        private sealed class RecordingUI : PSHostUserInterface
        {
            public readonly StringBuilder Text = new StringBuilder();
            public readonly List<ProgressRecord> Progress = new List<ProgressRecord>();
            private readonly RawUI raw = new RawUI();

            public override PSHostRawUserInterface RawUI => raw;
            public override void Write(string value) => Text.Append(value);
            public override void Write(ConsoleColor f, ConsoleColor b, string value) => Text.Append(value);
            public override void WriteLine(string value) => Text.Append(value).Append('\n');
            public override void WriteErrorLine(string value) => Text.Append("ERROR: ").Append(value).Append('\n');
            public override void WriteDebugLine(string value) => Text.Append("DEBUG: ").Append(value).Append('\n');
            public override void WriteVerboseLine(string value) => Text.Append("VERBOSE: ").Append(value).Append('\n');
            public override void WriteWarningLine(string value) => Text.Append("WARNING: ").Append(value).Append('\n');

            public override void WriteProgress(long sourceId, ProgressRecord record)
            {
                lock (Progress)
                    Progress.Add(record);
            }

            public override string ReadLine() => throw new NotSupportedException();
            public override SecureString ReadLineAsSecureString() => throw new NotSupportedException();

            public override Dictionary<string, PSObject> Prompt(string caption, string message,
                Collection<FieldDescription> descriptions) => throw new NotSupportedException();

            public override PSCredential PromptForCredential(string caption, string message, string userName,
                string targetName) => throw new NotSupportedException();

            public override PSCredential PromptForCredential(string caption, string message, string userName,
                string targetName, PSCredentialTypes types, PSCredentialUIOptions options) =>
                throw new NotSupportedException();

            public override int PromptForChoice(string caption, string message,
                Collection<ChoiceDescription> choices, int defaultChoice) => throw new NotSupportedException();
        }

        private sealed class RawUI : PSHostRawUserInterface
        {
            public override ConsoleColor BackgroundColor { get; set; }
            public override ConsoleColor ForegroundColor { get; set; }
            public override Size BufferSize { get; set; } = new Size(220, 3000);
            public override Coordinates CursorPosition { get; set; }
            public override int CursorSize { get; set; }
            public override bool KeyAvailable => false;
            public override Size MaxPhysicalWindowSize => BufferSize;
            public override Size MaxWindowSize => BufferSize;
            public override Coordinates WindowPosition { get; set; }
            public override Size WindowSize { get; set; } = new Size(220, 50);
            public override string WindowTitle { get; set; } = "";
            public override void FlushInputBuffer() { }
            public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw new NotSupportedException();
            public override KeyInfo ReadKey(ReadKeyOptions options) => throw new NotSupportedException();
            public override void ScrollBufferContents(Rectangle s, Coordinates d, Rectangle c, BufferCell f) { }
            public override void SetBufferContents(Rectangle r, BufferCell fill) { }
            public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) { }
        }
    }

    /// <summary>A runspace with the stand-ins, in which the real module is imported.</summary>
    public sealed class Engine : IDisposable
    {
        public readonly RecordingHost Host = new RecordingHost();
        public readonly Runspace Runspace;

        public Engine(bool import = true)
        {
            var state = InitialSessionState.CreateDefault2();
            state.ThrowOnRunspaceOpenError = true;
            state.Commands.Add(new SessionStateCmdletEntry("ConvertFrom-Json", typeof(ConvertFromJsonStandIn), null));
            state.Commands.Add(new SessionStateCmdletEntry("Select-Object", typeof(SelectObjectStandIn), null));
            Runspace = RunspaceFactory.CreateRunspace(Host, state);
            Runspace.Open();
            if (import)
                Run("Import-Module -Name $args[0] -ErrorAction Stop", Repository.Manifest);
        }

        /// <summary>Runs a script; a terminating error is thrown, others are an exception too.</summary>
        public Collection<PSObject> Run(string script, params object[] arguments)
        {
            using (var ps = PowerShell.Create(Runspace))
            {
                ps.AddScript(script);
                foreach (var a in arguments)
                    ps.AddArgument(a);
                var result = ps.Invoke();
                if (ps.Streams.Error.Count > 0)
                    throw new InvalidOperationException(string.Join("\n", ps.Streams.Error.Select(e => e + "\n" + e.ScriptStackTrace)));
                return result;
            }
        }

        public void Dispose() => Runspace.Dispose();
    }
}
