/** Chart.js with what Tare's charts are made of: what is not registered stays out of the page's bundle. */
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Decimation,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
} from 'chart.js';
import annotations from 'chartjs-plugin-annotation';

Chart.register(BarController, LineController, ScatterController);
Chart.register(BarElement, LineElement, PointElement);
Chart.register(CategoryScale, LinearScale, LogarithmicScale);
Chart.register(annotations, Decimation, Filler, Tooltip);

export { Chart };
