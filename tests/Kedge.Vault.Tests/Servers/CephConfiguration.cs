namespace Kedge.Vault.Tests.Servers;

/// <summary>A cluster of one, without authentication between its parts, that loses everything when it stops.</summary>
internal static class CephConfiguration
{
    /// <summary>The file ceph.conf.</summary>
    /// <param name="monitor">As Ceph writes addresses: <c>[v2:127.0.0.1:PORT/0]</c>.</param>
    /// <param name="gateway">Address and port for S3.</param>
    internal static string Of(string folder, string monitor, string cluster, string gateway) => $"""
        [global]
        fsid = {cluster}
        mon_host = {monitor}
        public_addr = 127.0.0.1
        cluster_addr = 127.0.0.1
        ms_bind_msgr1 = false
        auth_cluster_required = none
        auth_service_required = none
        auth_client_required = none
        auth_allow_insecure_global_id_reclaim = true
        # Without keys nothing can be encrypted, which these prefer.
        ms_mon_client_mode = crc
        ms_mon_service_mode = crc
        ms_mon_cluster_mode = crc
        run_dir = {folder}
        crash_dir = {folder}/crash
        admin_socket =
        log_file = {folder}/$name.log
        mon_cluster_log_file = {folder}/cluster.log
        log_to_stderr = false
        err_to_stderr = false
        debug_rocksdb = 0
        # Each pool of the gateway is a decision of the monitor, which otherwise waits a second for more of them.
        paxos_propose_interval = 0.05
        paxos_min_wait = 0.01
        osd_pool_default_size = 1
        osd_pool_default_min_size = 1
        osd_pool_default_pg_num = 1
        osd_pool_default_pgp_num = 1
        osd_pool_default_pg_autoscale_mode = off
        osd_crush_chooseleaf_type = 0
        mon_max_pg_per_osd = 1000
        mon_allow_pool_size_one = true
        # The disk's filling is no business of a cluster in memory.
        mon_data_avail_crit = 0
        mon_osd_full_ratio = .99
        mon_osd_backfillfull_ratio = .99
        mon_osd_nearfull_ratio = .98
        [mon.a]
        mon_data = {folder}/mon
        [osd.0]
        osd_data = {folder}/osd
        osd_objectstore = memstore
        memstore_device_bytes = 4294967296
        [client.rgw]
        rgw_data = {folder}/rgw
        rgw_frontends = beast endpoint={gateway}
        rgw_gc_obj_min_wait = 10

        """;
}
