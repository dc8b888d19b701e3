using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Volna.Console;

/// <summary>Who reads a page: in which language, and where she is.</summary>
public sealed record Reader(Language Language, string Path, IQueryCollection Query)
{
    public string In(string english, string russian) => new Text(english, russian).In(Language);

    public string In(Text text) => text.In(Language);

    /// <summary>This page in another language.</summary>
    public string AddressIn(Language language)
    {
        var query = new QueryBuilder(Query.Where(pair => pair.Key != "lang").SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value ?? "")))
        {
            { "lang", language.Code() },
        };
        return Path + query;
    }
}
