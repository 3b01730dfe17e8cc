// What a dashboard here may hold, in the types that Grafana publishes. Each becomes a JSON schema (check.js).
import type { AnnotationQuery, Dashboard as Whole, FieldConfigSource, GraphFieldConfig, Panel, RowPanel } from '@grafana/schema';
import type * as H from '@grafana/schema/dist/types/raw/composable/heatmap/panelcfg/x/types.gen';
import type { Options as StatOptions } from '@grafana/schema/dist/types/raw/composable/stat/panelcfg/x/types.gen';
import type * as T from '@grafana/schema/dist/types/raw/composable/table/panelcfg/x/types.gen';
import type { Options as TimeSeriesOptions } from '@grafana/schema/dist/types/raw/composable/timeseries/panelcfg/x/types.gen';

// Of the Prometheus data source, whose types are in no package without React: these two are written down here.
interface Query {
  refId: string;
  datasource: { type: 'prometheus'; uid: string };
  editorMode: 'code';
  expr: string;
  legendFormat: string;
  instant: boolean;
  range: boolean;
  format: 'time_series' | 'table' | 'heatmap';
  exemplar: boolean;
}

interface Annotation extends Omit<AnnotationQuery, 'target'> {
  target: { expr: string; refId: string };
  titleFormat: string;
  textFormat: string;
  tagKeys: string;
}

type Of<Options, Field> = Required<Pick<Panel, 'title' | 'description' | 'datasource' | 'gridPos'>> &
  Omit<Panel, 'options' | 'fieldConfig' | 'targets'> & { options: Options; fieldConfig: FieldConfigSource<Field>; targets: Query[] };

export interface dashboard extends Omit<Whole, 'panels' | 'annotations'> {
  annotations: { list: Annotation[] };
  panels: object[];
}

export type row = RowPanel;
export type timeseries = Of<TimeSeriesOptions, GraphFieldConfig>;
export type stat = Of<StatOptions, {}>;
export type table = Of<T.Options, T.FieldConfig>;
export type heatmap = Of<H.Options, H.FieldConfig>;
