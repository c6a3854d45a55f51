using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Numerics;
using System.Reflection;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace AzDirectoryActivityLog.Tests
{
    public enum JsonDateKind { Default, Local, Utc, Offset, String }

    /// <summary>
    /// Stand-in for the command that the engine's NuGet package lacks: as PowerShell 7.6 does it, as
    /// far as the module can tell, refusal of empty and case-differing keys included.
    /// </summary>
    [Cmdlet(VerbsData.ConvertFrom, "Json")]
    public sealed class ConvertFromJsonStandIn : PSCmdlet
    {
        [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
        [AllowEmptyString]
        public string InputObject { get; set; }

        [Parameter] public SwitchParameter AsHashtable { get; set; }
        [Parameter] public int Depth { get; set; } = 1024;
        [Parameter] public SwitchParameter NoEnumerate { get; set; }
        [Parameter] public JsonDateKind DateKind { get; set; } = JsonDateKind.Default;

        protected override void ProcessRecord()
        {
            object result;
            try
            {
                var settings = new JsonSerializerSettings
                {
                    DateParseHandling = DateKind == JsonDateKind.String ? DateParseHandling.None : DateParseHandling.DateTime,
                    DateTimeZoneHandling = DateTimeZoneHandling.RoundtripKind,
                    MaxDepth = Depth,
                };
                result = Convert(JsonConvert.DeserializeObject<JToken>(InputObject, settings));
            }
            catch (JsonException e)
            {
                ThrowTerminatingError(new ErrorRecord(
                    new ArgumentException("Conversion from JSON failed with error: " + e.Message, e),
                    "System.ArgumentException", ErrorCategory.NotSpecified, null));
                return;
            }
            WriteObject(result, !NoEnumerate);
        }

        private object Convert(JToken token)
        {
            switch (token)
            {
                case null: return null;
                case JObject o: return ConvertObject(o);
                case JArray a: return a.Select(Convert).ToArray();
                case JValue v when v.Value is BigInteger big: return big;
                case JValue v: return v.Value;
                default: return token.ToString();
            }
        }

        private object ConvertObject(JObject o)
        {
            var result = new PSObject();
            var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var p in o.Properties())
            {
                if (p.Name.Length == 0)
                {
                    Refuse("The provided JSON includes a property whose name is an empty string, this is only supported using the -AsHashTable switch.",
                        "EmptyKeyInJsonString");
                }
                if (names.TryGetValue(p.Name, out var other))
                {
                    Refuse($"Cannot convert the JSON string because it contains keys with different casing. Please use the -AsHashTable switch instead. The key that was attempted to be added to the existing key '{other}' was '{p.Name}'.",
                        "KeysWithDifferentCasingInJsonString");
                }
                names[p.Name] = p.Name;
                result.Properties.Add(new PSNoteProperty(p.Name, Convert(p.Value)));
            }
            return result;
        }

        private void Refuse(string why, string id)
        {
            ThrowTerminatingError(new ErrorRecord(new InvalidOperationException(why), id,
                ErrorCategory.InvalidOperation, null));
        }
    }

    /// <summary>Stand-in that does -First alone, and stops what is upstream as the real one does.</summary>
    [Cmdlet(VerbsCommon.Select, "Object")]
    public sealed class SelectObjectStandIn : PSCmdlet
    {
        [Parameter(ValueFromPipeline = true)] public PSObject InputObject { get; set; }
        [Parameter(Mandatory = true)] public int First { get; set; }
        private int seen;

        protected override void ProcessRecord()
        {
            WriteObject(InputObject);
            if (++seen < First)
                return;
            var type = typeof(PSObject).Assembly.GetType("System.Management.Automation.StopUpstreamCommandsException", true);
            throw (Exception)Activator.CreateInstance(type,
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null,
                new object[] { this }, null);
        }
    }
}
