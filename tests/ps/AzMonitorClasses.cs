// Events as Az.Monitor's classes have them: the old one with objects, dictionaries and an enumeration, the same
// with plain texts to show, and the new one with flat names. Properties as in the public source of Az.Monitor.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace AzMonitor
{
    public enum EventLevel { Critical, Error, Warning, Informational, Verbose }

    public class LocalizableString
    {
        public string Value { get; set; }
        public string LocalizedValue { get; set; }
        public override string ToString() => $"\nLocalizedValue : {LocalizedValue}\nValue          : {Value}";
    }

    public class Authorization
    {
        public string Scope { get; set; }
        public string Action { get; set; }
        public string Role { get; set; }
        public override string ToString() => $"\r\nScope    : {Scope}\r\nAction   : {Action}\r\nRole     : {Role}";
    }

    public class HttpRequest
    {
        public string ClientId { get; set; }
        public string Method { get; set; }
        public string Url { get; set; }
        public string ClientIpAddress { get; set; }
        public override string ToString() => $"\r\nClientId        : {ClientId}\r\nClientIpAddress : {ClientIpAddress}";
    }

    public class Elements
    {
        public IDictionary<string, string> Content { get; set; }
        public override string ToString() => string.Concat(Content.Select(p => $"\r\n{p.Key,-15}: {p.Value}"));
    }

    public class EventData<T>
    {
        public Authorization Authorization { get; set; }
        public string Caller { get; set; }
        public Elements Claims { get; set; }
        public string CorrelationId { get; set; }
        public string EventDataId { get; set; }
        public DateTime EventTimestamp { get; set; }
        public HttpRequest HttpRequest { get; set; }
        public EventLevel Level { get; set; }
        public string OperationId { get; set; }
        public T OperationName { get; set; }
        public Elements Properties { get; set; }
        public string ResourceId { get; set; }
        public T Status { get; set; }
        public DateTime SubmissionTimestamp { get; set; }
        public string TenantId { get; set; }
    }

    public interface IAssociativeArray
    {
        IDictionary<string, string> AdditionalProperties { get; }
        IEnumerable<string> Keys { get; }
        int Count { get; }
    }

    public class Bag : IAssociativeArray
    {
        internal Dictionary<string, string> items;
        IDictionary<string, string> IAssociativeArray.AdditionalProperties => items;
        IEnumerable<string> IAssociativeArray.Keys => items.Keys;
        int IAssociativeArray.Count => items.Count;
    }

    public class FlatEventData
    {
        public string AuthorizationAction { get; set; }
        public string AuthorizationScope { get; set; }
        public string Caller { get; set; }
        public Bag Claim { get; set; }
        public string CorrelationId { get; set; }
        public string EventDataId { get; set; }
        public DateTime? EventTimestamp { get; set; }
        public string HttpRequestClientIPAddress { get; set; }
        public string OperationId { get; set; }
        public string OperationNameLocalizedValue { get; set; }
        public string OperationNameValue { get; set; }
        public Bag Property { get; set; }
        public string ResourceId { get; set; }
        public string StatusLocalizedValue { get; set; }
        public string StatusValue { get; set; }
        public DateTime? SubmissionTimestamp { get; set; }
        public string TenantId { get; set; }
    }

    public static class Make
    {
        static string Text(JsonElement e, params string[] path)
        {
            foreach (var name in path)
                if (e.ValueKind != JsonValueKind.Object || !e.TryGetProperty(name, out e)) return null;
            return e.ValueKind == JsonValueKind.String ? e.GetString() : null;
        }

        static Dictionary<string, string> Items(JsonElement e, string name) => e.TryGetProperty(name, out var v) && v.ValueKind == JsonValueKind.Object
            ? v.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString()) : new();

        static EventData<T> Fill<T>(string raw, Func<JsonElement, string, T> name)
        {
            var e = JsonDocument.Parse(raw).RootElement;
            return new EventData<T>
            {
                Authorization = new Authorization { Scope = Text(e, "authorization", "scope"), Action = Text(e, "authorization", "action") },
                Caller = Text(e, "caller"), Claims = new Elements { Content = Items(e, "claims") }, CorrelationId = Text(e, "correlationId"),
                EventDataId = Text(e, "eventDataId"), EventTimestamp = e.GetProperty("eventTimestamp").GetDateTime(),
                HttpRequest = new HttpRequest { ClientIpAddress = Text(e, "httpRequest", "clientIpAddress") }, Level = EventLevel.Informational,
                OperationId = Text(e, "operationId"), OperationName = name(e, "operationName"), Properties = new Elements { Content = Items(e, "properties") },
                ResourceId = Text(e, "resourceId"), Status = name(e, "status"), TenantId = Text(e, "tenantId")
            };
        }

        public static object Old(string raw) =>
            Fill(raw, (e, n) => new LocalizableString { Value = Text(e, n, "value"), LocalizedValue = Text(e, n, "localizedValue") });
        public static object Shown(string raw) => Fill(raw, (e, n) => Text(e, n, "localizedValue"));
        public static object Flat(string raw)
        {
            var e = JsonDocument.Parse(raw).RootElement;
            return new FlatEventData
            {
                AuthorizationAction = Text(e, "authorization", "action"), AuthorizationScope = Text(e, "authorization", "scope"), Caller = Text(e, "caller"),
                Claim = new Bag { items = Items(e, "claims") }, CorrelationId = Text(e, "correlationId"), EventDataId = Text(e, "eventDataId"),
                EventTimestamp = e.GetProperty("eventTimestamp").GetDateTime(), HttpRequestClientIPAddress = Text(e, "httpRequest", "clientIpAddress"),
                OperationId = Text(e, "operationId"), OperationNameValue = Text(e, "operationName", "value"), Property = new Bag { items = Items(e, "properties") },
                OperationNameLocalizedValue = Text(e, "operationName", "localizedValue"), ResourceId = Text(e, "resourceId"),
                StatusValue = Text(e, "status", "value"), StatusLocalizedValue = Text(e, "status", "localizedValue"), TenantId = Text(e, "tenantId")
            };
        }
    }
}
