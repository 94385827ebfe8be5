// The figure `reading` with a slider over the training of its network.

import { keep } from "../twin/moments.js";
import { trained } from "../twin/training.js";
import { startAll } from "./live.js";
import { Slider } from "./slider.js";

keep(trained);
startAll("training", (figure, go) => new Slider(figure, go));
