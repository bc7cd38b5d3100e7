using System.Net;

namespace Kedge.Demo.World;

/// <summary>Where everything is in the demo's world: folders, files, addresses. Nothing of it exists because of this.</summary>
internal sealed record WorldLayout(string Folder, int WebPort, int CataloguePort, int DatabasePort, int NamePort)
{
    public const string OrdersHost = "orders.shop.example";
    public const string Database = "shop";
    public const string KeyName = "kedge";

    /// <summary>Role in the database as which the ordering service places orders.</summary>
    public const string Customer = "shop";

    public static IReadOnlyList<string> Sites { get; } = ["east", "west"];

    /// <summary>The lines of business.</summary>
    public static IReadOnlyList<string> Services { get; } = ["orders", "catalogue"];

    /// <summary>
    /// The name at which customers find a service, and the zone that holds it. Each has a zone of its own, because Knot
    /// may keep an update waiting until a second after the zone's last one.
    /// </summary>
    public static string HostOf(string service) => $"{service}.shop.example";

    public IPEndPoint NameServer => new(IPAddress.Parse("127.0.0.10"), NamePort);

    public string Plan => Path.Join(Folder, "kedge.yaml");

    /// <summary>What Kedge keeps for itself: store, second place of the journal's head.</summary>
    public string State => Path.Join(Folder, "kedge");

    public string Secrets => Path.Join(Folder, "secrets");

    public string Names => Path.Join(Folder, "dns");

    /// <summary>What the node says.</summary>
    public string NodeLog => Path.Join(Folder, "node", "node.log");

    public string Ledger => Path.Join(Folder, "client", "orders.jsonl");

    public string Evidence => Path.Join(Folder, "watch", "writes.jsonl");

    public static IPAddress AddressOf(string site) => IPAddress.Parse(site == "east" ? "127.0.0.11" : "127.0.0.12");

    public static string Other(string site) => site == "east" ? "west" : "east";

    public string Site(string site) => Path.Join(Folder, site);

    /// <summary>Folder of one line of business at one site.</summary>
    public string Service(string site, string service) => Path.Join(Folder, site, service);

    public string DatabaseFolder(string site) => Path.Join(Service(site, "orders"), "database");

    public string Data(string site) => Path.Join(DatabaseFolder(site), "data");

    /// <summary>Outside the data folder, which a rebuild copies from the other site.</summary>
    public string DatabaseSettings(string site) => Path.Join(DatabaseFolder(site), "postgresql.conf");

    public string WebFolder(string site, string service) => Path.Join(Service(site, service), "web");

    /// <summary>Where Kedge notes which process a web service is.</summary>
    public string PidFile(string site, string service) => Path.Join(WebFolder(site, service), "web.pid");

    public string WebLog(string site, string service) => Path.Join(WebFolder(site, service), "web.log");

    public IPEndPoint DatabaseAt(string site) => new(AddressOf(site), DatabasePort);

    public IPEndPoint WebAt(string site, string service) =>
        new(AddressOf(site), service == "orders" ? WebPort : CataloguePort);

    public string Secret(string name) => Path.Join(Secrets, name);

    /// <summary>Argument vector of a line of business's web service at a site.</summary>
    public IReadOnlyList<string> WebProgram(string program, string site, string service) =>
    [
        program, "demo-web", "--service", service, "--site", site, "--listen", WebAt(site, service).ToString(),
        .. service == "orders"
            ? (string[])
            [
                "--database", DatabaseAt(site).ToString(), "--database", DatabaseAt(Other(site)).ToString(),
                "--name", Database, "--user", Customer, "--password-file", Path.Join(WebFolder(site, service), "password"),
            ]
            : ["--books", Path.Join(WebFolder(site, service), "books.txt")],
    ];
}
