package dev.tally.local;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a local ClickHouse has to know to be one of the servers of a cluster on this machine. Each of them is a shard with one
 * replica: the local engine has no Keeper, and so none of what replicas or {@code ON CLUSTER} need.
 *
 * @param cluster its name
 * @param shard its number, from 0
 * @param ports of the native protocol of all servers, by their shards; the same one twice is two shards on one server
 */
public record ClusterMember(String cluster, int shard, List<Integer> ports) {
    public ClusterMember {
        ports = List.copyOf(ports);
    }

    /** For the configuration of the server. Whoever one of them knows is believed by the others: by the secret. */
    String xml() {
        String shards = ports.stream().map(port -> """
                                                         <shard>
                                                           <internal_replication>true</internal_replication>
                                                           <replica><host>127.0.0.1</host><port>%d</port></replica>
                                                         </shard>
                                                   """.formatted(port)).collect(Collectors.joining());
        return """
                 <tcp_port>%d</tcp_port>
                 <remote_servers>
                   <%2$s>
                     <secret>of this machine</secret>
               %3$s    </%2$s>
                 </remote_servers>
               """.formatted(ports.get(shard), cluster, shards);
    }
}
