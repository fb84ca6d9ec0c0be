// `npm run build`: everything that is served and shipped, in dist.
import { prepare } from './prepare.mjs'

prepare()
