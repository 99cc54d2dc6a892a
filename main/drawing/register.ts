/** Chart.js with what Tare's charts are made of: what is not registered stays out of the page's bundle. */
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Decimation,
  Filler,
  Interaction,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
} from 'chart.js';
import {
  BarWithErrorBar,
  BarWithErrorBarsController,
  PointWithErrorBar,
  ScatterWithErrorBarsController,
} from 'chartjs-chart-error-bars';
import annotations from 'chartjs-plugin-annotation';
import labels from 'chartjs-plugin-datalabels';
import { hatching } from './plugins/hatching';
import { readings } from './plugins/readings';

Chart.register(BarController, LineController, ScatterController);
Chart.register(
  BarWithErrorBarsController,
  BarWithErrorBar,
  ScatterWithErrorBarsController,
  PointWithErrorBar,
);
Chart.register(BarElement, LineElement, PointElement);
Chart.register(CategoryScale, LinearScale, LogarithmicScale);
Chart.register(annotations, Decimation, Filler, labels, Tooltip, hatching);
// values have no labels unless a chart asks for them
Chart.defaults.set('plugins.datalabels', { display: false });
Interaction.modes.readings = readings;

export { Chart };
