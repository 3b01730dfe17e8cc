using System.Globalization;
using System.Net;
using System.Security.Principal;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace SpanMetrics.Exposition;

/// <summary>Stands before every URL: TLS, limits, and who may read.</summary>
/// <param name="current">The file of <c>http.web_config</c> as it is now; whether there is TLS stays as it was at the start.</param>
internal sealed class WebGuard(Func<WebConfig> current)
{
    private const int MostReaders = 64, MostStrangers = 512;

    // A reader sends its headers at once.
    private static readonly TimeSpan HeaderPatience = TimeSpan.FromSeconds(5);

    // Prometheus gives an idle connection up after 5 minutes: so it is never the worker that closes it while a scrape comes.
    private static readonly TimeSpan IdlePatience = TimeSpan.FromMinutes(6);

    private readonly ConnectionLimit _connections = new(MostReaders, MostStrangers);

    public void Listen(KestrelServerOptions kestrel, IPEndPoint address)
    {
        kestrel.AddServerHeader = false;
        KestrelServerLimits limits = kestrel.Limits;
        limits.KeepAliveTimeout = IdlePatience;
        limits.RequestHeadersTimeout = HeaderPatience;
        limits.MaxRequestBodySize = 0;
        limits.MaxRequestBufferSize = 32 << 10;
        limits.MaxRequestLineSize = 4 << 10;
        limits.MaxRequestHeadersTotalSize = 16 << 10;
        limits.MaxRequestHeaderCount = 50;
        bool hasTls = current().Tls is not null;
        kestrel.Listen(address, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http1; // scrape confirmation will tell one scraper by its TCP connection
            endpoint.Use(next => connection => _connections.ServeAsync(connection, next));
            if (hasTls)
            {
                endpoint.UseHttps(new TlsHandshakeCallbackOptions
                {
                    HandshakeTimeout = HeaderPatience,
                    OnConnection = handshake =>
                    {
                        PageConnection connection = handshake.Connection.Features.Get<PageConnection>()!;
                        connection.Greeting = current();
                        return ValueTask.FromResult(connection.Greeting.Tls!.OptionsFor(connection));
                    },
                });
            }
        });
    }

    public async Task AdmitAsync(HttpContext context, RequestDelegate next)
    {
        PageConnection connection = context.Features.Get<PageConnection>()!;
        _connections.Begin(connection);
        try
        {
            WebConfig config = current();
            foreach ((string name, string value) in config.Headers)
            {
                context.Response.Headers[name] = value;
            }

            if (connection.Greeting is not null && connection.Greeting != config)
            {
                context.Response.Headers.Connection = "close"; // the next request comes with a handshake by the new settings
            }

            if (await RefusesAsync(config, connection, context).ConfigureAwait(false) is (int status, string why))
            {
                _connections.Dismiss(connection);
                context.Response.StatusCode = status;
                context.Response.ContentType = "text/plain; charset=utf-8";
                await context.Response.WriteAsync($"{why}\n", context.RequestAborted).ConfigureAwait(false);
                return;
            }

            await next(context).ConfigureAwait(false);
        }
        finally
        {
            _connections.End(connection);
        }
    }

    private async ValueTask<(int Status, string Why)?> RefusesAsync(WebConfig config, PageConnection connection, HttpContext context)
    {
        IHeaderDictionary answer = context.Response.Headers;
        if (!config.Allows())
        {
            return (StatusCodes.Status429TooManyRequests, "more requests than rate_limit allows");
        }

        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            (answer.Allow, answer.Connection) = ("GET, HEAD", "close"); // whatever body comes is not read
            return (StatusCodes.Status405MethodNotAllowed, "only GET and HEAD");
        }

        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
        {
            answer.Connection = "close";
            return (StatusCodes.Status413PayloadTooLarge, "a request has no body here");
        }

        if (config.Users is null)
        {
            Introduce(context, connection.ClientName, "Certificate");
        }
        else if (await config.Users.NameOfAsync(context.Request.Headers.Authorization, context.RequestAborted).ConfigureAwait(false) is string user)
        {
            Introduce(context, user, "Basic");
        }
        else
        {
            answer.WWWAuthenticate = "Basic";
            return (StatusCodes.Status401Unauthorized, "user or password is missing or wrong");
        }

        if (!_connections.TryAdmit(connection, config.KnowsReaders))
        {
            answer.Connection = "close";
            return (StatusCodes.Status503ServiceUnavailable, string.Create(CultureInfo.InvariantCulture, $"{MostReaders} readers have connections, and no more may"));
        }

        return null;
    }

    private static void Introduce(HttpContext context, string? name, string means)
    {
        if (name is not null)
        {
            context.User = new GenericPrincipal(new GenericIdentity(name, means), null);
        }
    }
}
