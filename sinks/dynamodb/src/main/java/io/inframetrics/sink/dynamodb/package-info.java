/**
 * Records, their history, and the ledger of runs in one DynamoDB table.
 *
 * <pre>{@code
 * DynamoDbClient client = clients.build("dynamodb", DynamoDbClient.builder());
 * DynamoDbStores stores =
 *     new DynamoDbStores(client, "metrics", calls, DynamoDbSettings.DEFAULTS, threads, clock);
 * stores.metricRecordSink().write(new MetricRecordSink.Batch(since, metrics, false), deadline);
 * List<Point> points = stores.metricHistory().points(series, since, now, 500, deadline);
 * }</pre>
 *
 * <p>The table has the partition key {@code series_id} and the sort key {@code window_start}, no
 * index, and no access pattern needs a Scan:
 *
 * <table>
 *   <caption>Access patterns</caption>
 *   <tr><th>method</th><th>key</th><th>calls</th></tr>
 *   <tr><td>write, first time</td><td>series id, window start and hash</td>
 *     <td>BatchWriteItem, one for 25 series and run windows; once a week and process one
 *     BatchGetItem of the series index, and UpdateItem for missing entries</td></tr>
 *   <tr><td>write of what may be stored</td><td>the same</td>
 *     <td>BatchGetItem of keys, one for 100 items; BatchWriteItem for the missing ones</td></tr>
 *   <tr><td>every write</td><td>{@code @packed#type}, {@code -}</td>
 *     <td>one consistent BatchGetItem: how far the type is packed</td></tr>
 *   <tr><td>packing, of frequent runs only</td><td>series id, {@code @points#} and six hours</td>
 *     <td>once for 12 or more runs: BatchGetItem of states and cells, Query of the new items,
 *     BatchWriteItem; once a week UpdateItem of the state</td></tr>
 *   <tr><td>points</td><td>series id, {@code @points#} cells, then window starts</td>
 *     <td>one Query of cells and one of the items after them; without cells, one or two Queries of
 *     items, newest first; more if the response has over 1 MB</td></tr>
 *   <tr><td>series</td><td>{@code @series#type#shard}, Monday</td>
 *     <td>BatchGetItem, one for six weeks</td></tr>
 *   <tr><td>markProcessed</td><td>{@code @processed#object key}, {@code -}</td>
 *     <td>one PutItem</td></tr>
 *   <tr><td>processed</td><td>the same</td><td>one consistent BatchGetItem</td></tr>
 *   <tr><td>collectedUntil</td><td>{@code @collected#type}, {@code -}</td>
 *     <td>one consistent BatchGetItem</td></tr>
 *   <tr><td>advanceCollectedUntil</td><td>the same</td><td>one conditional UpdateItem</td></tr>
 *   <tr><td>analysisMarks</td><td>{@code @findings#analysis}, all</td>
 *     <td>one consistent Query for each MB</td></tr>
 *   <tr><td>replaceAnalysisMarks</td><td>{@code head}; of very many, generation and piece</td>
 *     <td>BatchGetItem, PutItem; of very many, two BatchWriteItem</td></tr>
 *   <tr><td>learned</td><td>{@code @learned#type}, series ids</td>
 *     <td>one Query for up to 100 series of a type that follow each other; BatchGetItem if there
 *     are many others between them</td></tr>
 *   <tr><td>learn</td><td>the same</td><td>one BatchWriteItem for 25 series</td></tr>
 * </table>
 *
 * <p>Of frequent runs, such as every five minutes, points are also kept in cells of six hours, and
 * read from them. A cell is made from the items of runs and says nothing else; it can be lost or
 * made twice. Items that come after their cell was packed mark it as changed, and are read until it
 * is packed again.
 *
 * <p>A metric type begins with a letter, so a key with {@code @} never belongs to a series.
 *
 * <p>An item's sort key ends with a hash of its whole content. So the same window written again is
 * the same item; two files with the same window start, a series split in two, or a replayed file
 * are stored side by side and lose nothing; and the key alone proves what the item contains. If two
 * values have the same second, {@link io.inframetrics.metric.Metric#PRECEDENCE} decides on reading,
 * so writes need no conditions, and their order does not matter.
 */
@NullMarked
package io.inframetrics.sink.dynamodb;

import org.jspecify.annotations.NullMarked;
